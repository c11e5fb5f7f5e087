//! The header `Idempotency-Key`.
//!
//! Its syntax is that of [draft-ietf-httpapi-idempotency-key-header](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/):
//! a string in quotes, as RFC 8941 has it. Many clients send the key without quotes, which is the same key.

use crate::http::problem::Problem;
use axum::http::HeaderMap;

const HEADER: &str = "idempotency-key";

/// The longest key, in bytes.
const LONGEST: usize = 255;

/// Whether the request has the header.
pub(super) fn is_given(headers: &HeaderMap) -> bool {
    headers.contains_key(HEADER)
}

/// The key of a request that has the header.
pub(super) fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut values = headers.get_all(HEADER).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Problem::bad_request("`Idempotency-Key` is given twice"));
    };
    let key = value.to_str().ok().and_then(parse);
    key.filter(|key| (1..=LONGEST).contains(&key.len()))
        .ok_or_else(|| {
            Problem::bad_request(
                "`Idempotency-Key` must be 1 to 255 characters in quotes, such as \"8e03978e-40d5-43dd\"",
            )
        })
}

fn parse(value: &str) -> Option<String> {
    let value = value.trim_matches([' ', '\t']);
    match value.strip_prefix('"') {
        Some(quoted) => unquote(quoted),
        None => {
            let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | ',' | ';');
            value.chars().all(is_plain).then(|| value.to_owned())
        }
    }
}

/// The text up to the closing quote, behind which nothing may follow.
fn unquote(text: &str) -> Option<String> {
    let mut key = String::with_capacity(text.len());
    let mut characters = text.chars();
    loop {
        match characters.next()? {
            '"' => return characters.next().is_none().then_some(key),
            '\\' => key.push(characters.next().filter(|c| matches!(c, '"' | '\\'))?),
            c @ ' '..='~' => key.push(c),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_string_in_quotes_or_without() {
        for (value, key) in [
            ("\"8e03978e\"", "8e03978e"),
            ("8e03978e", "8e03978e"),
            (" \"a b\" ", "a b"),
            (r#""a \"b\" \\""#, r#"a "b" \"#),
            ("\"\"", ""),
        ] {
            assert_eq!(parse(value).as_deref(), Some(key), "{value}");
        }
    }

    #[test]
    fn anything_else_is_no_key() {
        for value in [
            "\"a",
            "a\"",
            "\"a\" b",
            "a b",
            "a,b",
            "\"a\";b",
            r#""\a""#,
            "\"\u{e9}\"",
        ] {
            assert_eq!(parse(value), None, "{value}");
        }
    }
}
