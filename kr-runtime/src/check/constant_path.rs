//! The path of a route that is a constant: only the compiler sees its text, when it evaluates the constant.

use super::handler_info::{HandlerInfo, Method};
use super::message::Message;

/// The length of [`route_label`].
#[must_use]
pub const fn route_label_len(handler: &str, method: Method, path: &str) -> usize {
    handler.len() + method.as_str().len() + path.len() + 6
}

/// The handler as messages show it: `` `visit` (POST /visit) ``.
#[must_use]
pub const fn route_label<const LEN: usize>(handler: &str, method: Method, path: &str) -> [u8; LEN] {
    let parts = ["`", handler, "` (", method.as_str(), " ", path, ")"];
    let (mut label, mut len, mut part) = ([0; LEN], 0, 0);
    while part < parts.len() {
        let text = parts[part].as_bytes();
        let mut at = 0;
        while at < text.len() {
            label[len] = text[at];
            len += 1;
            at += 1;
        }
        part += 1;
    }
    label
}

/// A label as text.
#[must_use]
pub const fn route_label_text(label: &'static [u8]) -> &'static str {
    match std::str::from_utf8(label) {
        Ok(text) => text,
        Err(_) => unreachable!(),
    }
}

/// The path is one that requests can have, without captures: the attribute would have to know their names.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_constant_path(info: &HandlerInfo) {
    let path = info.path.as_bytes();
    if path.is_empty() || path[0] != b'/' {
        return refuse(
            info,
            "does not start with `/`",
            "start the constant with `/`",
        );
    }
    let mut at = 0;
    while at < path.len() {
        let is_first = at > 0 && path[at - 1] == b'/';
        match path[at] {
            b'{' | b'}' => refuse(
                info,
                "has a brace",
                "write the path itself in the attribute, which then knows its captures, or leave them out",
            ),
            b'?' | b'#' => refuse(
                info,
                "has a query or a fragment",
                "end the constant before the `?` or the `#`",
            ),
            b'/' if is_first => refuse(
                info,
                "has an empty segment",
                "write `/` for `//` in the constant",
            ),
            b':' | b'*' if is_first => refuse(
                info,
                "has a capture in another framework's syntax",
                "write the path itself in the attribute, with `{name}` for the capture",
            ),
            b'!'..=b'~' => {}
            _ => refuse(
                info,
                "has a character that no request contains",
                "write the character with `%`, as in a URL: `%20` for a space",
            ),
        }
        at += 1;
    }
}

#[track_caller]
const fn refuse(info: &HandlerInfo, what: &str, help: &str) {
    Message::new()
        .text("the path of ")
        .quote(info.handler)
        .text(", a constant, ")
        .text(what)
        .text(": ")
        .string(info.path)
        .help(help)
        .text(" [KR0030]")
        .panic()
}

#[cfg(test)]
mod tests {
    use super::{Method, route_label, route_label_len, route_label_text};

    #[test]
    fn the_label_is_that_of_a_path_that_is_written_out() {
        const LEN: usize = route_label_len("visit", Method::Post, "/visit");
        static LABEL: [u8; LEN] = route_label("visit", Method::Post, "/visit");
        assert_eq!(route_label_text(&LABEL), "`visit` (POST /visit)");
    }
}
