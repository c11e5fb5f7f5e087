//! Key templates: lock keys with placeholders for arguments, such as `cart:{id}`.

use crate::syntax::diagnostic::Diagnostic;
use std::fmt::Display;
use syn::Ident;
use syn::ext::IdentExt;
use syn::parse::Parser;

/// The names of the placeholders in a key, in order. A key without braces has none.
pub(crate) fn placeholders(key: &str) -> Result<Vec<String>, Diagnostic> {
    let mut names = Vec::new();
    let mut rest = key;
    loop {
        let at = key.len() - rest.len();
        let Some(open) = rest.find(['{', '}']) else {
            return Ok(names);
        };
        let close = rest[open..].find('}').filter(|close| *close > 0);
        let (Some(close), true) = (close, rest[open..].starts_with('{')) else {
            let diagnostic = invalid(key, at + open, 1, "unmatched brace");
            return Err(diagnostic.help("write `{id}` for the argument `id`"));
        };
        let name = &rest[open + 1..open + close];
        if !is_path(name) {
            let message = match name.trim() {
                "" => "a placeholder in a key has the name of an argument".to_owned(),
                name => format!("no argument can have the name `{name}`"),
            };
            let diagnostic = invalid(key, at + open, close + 1, message);
            let help = match name.trim() {
                "*" => {
                    "write `*` without braces to list all instances, or a capture of the path, such as `{id}`"
                }
                _ => "write a capture of the path between the braces, such as `{id}`",
            };
            return Err(diagnostic.help(help));
        }
        names.push(name.to_owned());
        rest = &rest[open + close + 1..];
        if rest.starts_with(|c: char| c == '{' || is_unescaped(c)) {
            let after = key.len() - rest.len();
            let message = "what follows a placeholder could be taken for a part of its value";
            let separated = format!("{}:{rest}", &key[..after]);
            return Err(invalid(key, after, 1, message).help(format!("write `\"{separated}\"`")));
        }
    }
}

/// Whether it is the name of an argument, and perhaps of a field in it: `id`, `transfer.from`, `user.0`.
fn is_path(name: &str) -> bool {
    let is_name = |name: &str| Ident::parse_any.parse_str(name).is_ok() && name != "_";
    let is_member = |name: &str| is_name(name) || name.parse::<u32>().is_ok();
    let mut parts = name.split('.');
    parts.next().is_some_and(is_name) && parts.all(is_member)
}

/// A key without the names of its placeholders. Two keys that are equal in this form name the same lock whenever their
/// arguments are equal.
pub(crate) fn without_names(key: &str) -> String {
    let mut pieces = key.split('{');
    let mut result = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        result.push_str("{}");
        result.push_str(piece.split_once('}').map_or(piece, |(_, rest)| rest));
    }
    result
}

/// Whether the runtime writes the character as it is when it fills a placeholder. Such a character cannot mark where a value
/// ends.
fn is_unescaped(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '%')
}

fn invalid(key: &str, at: usize, length: usize, message: impl Display) -> Diagnostic {
    Diagnostic::new("KR0312", message).underline(key, key[..at].chars().count(), length)
}

#[cfg(test)]
mod tests {
    use super::{placeholders, without_names};

    #[test]
    fn placeholders_are_found_in_order() {
        for (key, names) in [
            ("shop", &[][..]),
            ("cart:{id}", &["id"]),
            ("{shop}:{r#type}/x", &["shop", "r#type"]),
        ] {
            assert_eq!(placeholders(key).ok().unwrap(), names);
        }
    }

    #[test]
    fn keys_are_compared_without_the_names_of_placeholders() {
        assert_eq!(without_names("shop"), "shop");
        assert_eq!(without_names("{shop}:{id}/x"), "{}:{}/x");
        assert_eq!(without_names("cart:{id"), "cart:{}id");
    }

    #[test]
    fn invalid_templates_are_reported() {
        for (key, advice) in [
            ("cart:{id", "unmatched"),
            ("cart:id}", "unmatched"),
            ("}{", "unmatched"),
            ("cart:{}", "name"),
            ("cart:{_}", "name"),
            ("cart:{a b}", "name"),
            ("cart:{{id}}", "name"),
            ("{a}{b}", "\"{a}:{b}\""),
            ("{a}-{b}", "\"{a}:-{b}\""),
            ("{a}x", "\"{a}:x\""),
        ] {
            let error = placeholders(key).err().unwrap().text();
            assert!(
                error.contains(advice) && error.contains("KR0312"),
                "{key}: {error}"
            );
        }
    }
}
