//! One segment of a route's path: text, or a capture.

use crate::syntax::diagnostic::Diagnostic;
use std::fmt::Display;
use syn::Ident;
use syn::ext::IdentExt;
use syn::parse::Parser;

/// A segment, and the path that it is part of.
pub(crate) struct Segment<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    /// Where it starts in the path, in bytes.
    pub(crate) start: usize,
    pub(crate) is_last: bool,
}

impl Segment<'_> {
    /// The name of the capture, if the segment is one.
    pub(crate) fn capture(&self) -> Result<Option<String>, Diagnostic> {
        self.check_reachable()?;
        let text = self.text;
        // Doubled braces are text.
        let plain = text.replace("{{", "").replace("}}", "");
        match (plain.find('{'), plain.find('}')) {
            (None, None) => return Ok(None),
            (Some(open), Some(close)) if open < close => {}
            _ if text.starts_with(['{', '}']) || text.ends_with(['{', '}']) => {
                let name = text.trim_matches(['{', '}']);
                return Err(self.error("KR0010", "unmatched brace").help(format!(
                    "write `{}`, or `{{{{` and `}}}}` for braces that are text",
                    self.replaced_by(&format!("{{{name}}}"))
                )));
            }
            _ => {
                return Err(self
                    .error("KR0010", "unmatched brace")
                    .help("a capture is `{name}`; a brace that is text is `{{` or `}}`"));
            }
        }
        let Some(name) = text
            .strip_prefix('{')
            .and_then(|text| text.strip_suffix('}'))
            .filter(|name| !name.contains(['{', '}']))
        else {
            return Err(self
                .error("KR0012", "a capture shares its segment with other text")
                .help("give it the whole segment, `/{name}/…`, and take the text apart in the handler"));
        };
        let (name, is_wildcard) = match name.strip_prefix('*') {
            Some(name) => (name, true),
            None => (name, false),
        };
        if name.is_empty() {
            let example = if is_wildcard { "{*path}" } else { "{id}" };
            return Err(self
                .error("KR0011", "a capture needs a name")
                .help(format!("write `{}`", self.replaced_by(example))));
        }
        if is_wildcard && !self.is_last {
            return Err(self
                .error(
                    "KR0013",
                    format!("`{text}` takes all that follows, so it must be the last segment"),
                )
                .help(format!(
                    "end the path with it: `\"{}{text}\"`",
                    &self.path[..self.start]
                )));
        }
        if !can_name_an_argument(name) {
            let star = if is_wildcard { "*" } else { "" };
            let valid = format!("{{{star}{}}}", valid_name(name));
            return Err(self
                .error("KR0015", format!("no argument can have the name `{name}`"))
                .help(format!("write `{}`", self.replaced_by(&valid))));
        }
        Ok(Some(name.to_owned()))
    }

    /// Reports what axum accepts although no request can match it.
    fn check_reachable(&self) -> Result<(), Diagnostic> {
        let text = self.text;
        if let Some(name) = text.strip_prefix([':', '*']) {
            let star = if text.starts_with('*') { "*" } else { "" };
            let valid = format!("{{{star}{name}}}");
            return Err(self
                .error(
                    "KR0009",
                    format!("captures are written `{valid}`, not `{text}`"),
                )
                .help(format!("write `{}`", self.replaced_by(&valid))));
        }
        if text.is_empty() && !self.is_last {
            let shorter = format!(
                "{}{}",
                &self.path[..self.start],
                &self.path[self.start + 1..]
            );
            return Err(
                Diagnostic::new("KR0018", "the route path has an empty segment")
                    .underline(self.path, self.column(0) - 1, 2)
                    .help(format!("write `\"{shorter}\"`")),
            );
        }
        if let Some((at, bad)) = text.char_indices().find(|(_, c)| matches!(c, '?' | '#')) {
            let message =
                format!("a route path ends before `{bad}`, so no request would ever match");
            let whole = format!("{}{}", &self.path[..self.start], &text[..at]);
            return Err(self.error_at("KR0016", message, at, 1).help(format!(
                "write `\"{whole}\"`, and read the query with an argument `Query(query): Query<T>`"
            )));
        }
        if let Some((at, bad)) = text
            .char_indices()
            .find(|(_, c)| c.is_whitespace() || !c.is_ascii())
        {
            let message =
                format!("`{bad}` is percent-encoded in a request, so no request would ever match");
            return Err(self
                .error_at("KR0017", message, at, 1)
                .help(format!("write `{}`", encoded(self.path))));
        }
        Ok(())
    }

    pub(crate) fn error(&self, code: &'static str, message: impl Display) -> Diagnostic {
        self.error_at(code, message, 0, self.text.chars().count())
    }

    fn error_at(
        &self,
        code: &'static str,
        message: impl Display,
        at: usize,
        length: usize,
    ) -> Diagnostic {
        Diagnostic::new(code, message).underline(self.path, self.column(at), length)
    }

    /// The number of characters before byte `at` of the segment, counted from the start of the path.
    fn column(&self, at: usize) -> usize {
        self.path[..self.start + at].chars().count()
    }

    /// The path as a literal, with the segment replaced.
    pub(crate) fn replaced_by(&self, other: &str) -> String {
        let (before, after) = (
            &self.path[..self.start],
            &self.path[self.start + self.text.len()..],
        );
        format!("\"{before}{other}{after}\"")
    }
}

/// Whether an argument can have that name, written as `r#name` if it is a keyword.
fn can_name_an_argument(name: &str) -> bool {
    !matches!(name, "_" | "crate" | "self" | "super" | "Self")
        && Ident::parse_any.parse_str(name).is_ok()
}

/// A name like `name` that an argument can have.
fn valid_name(name: &str) -> String {
    let mut valid: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    if valid.starts_with(|c: char| c.is_ascii_digit()) || valid == "_" {
        valid.insert_str(0, "id_");
    }
    if !can_name_an_argument(&valid) {
        valid.push('_');
    }
    valid
}

/// The path as a literal, percent-encoded where it has to be.
fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_whitespace() || !c.is_ascii() {
            for byte in c.to_string().bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        } else {
            encoded.push(c);
        }
    }
    format!("\"{encoded}\"")
}
