//! `If-None-Match`: whether a client has a response already (RFC 9110, section 13.1.2).

use axum::http::header::{HeaderMap, HeaderValue, IF_NONE_MATCH};

/// Whether the headers of a request name the tag of a response. A malformed header names nothing.
pub(crate) fn matches(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let fields = headers.get_all(IF_NONE_MATCH);
    fields
        .iter()
        .any(|field| is_in(field.as_bytes(), tag.as_bytes()))
}

/// Whether a list of tags has this one. The comparison is weak.
fn is_in(list: &[u8], tag: &[u8]) -> bool {
    let Some((wanted, _)) = opaque(tag) else {
        return false;
    };
    if list.trim_ascii() == b"*" {
        return true;
    }
    let (mut rest, mut is_found) = (list, false);
    loop {
        rest = without(rest, |byte| byte == b',' || is_blank(byte));
        if rest.is_empty() {
            return is_found;
        }
        let Some((found, behind)) = opaque(rest) else {
            return false;
        };
        is_found |= found == wanted;
        rest = without(behind, is_blank);
        if !rest.is_empty() && !rest.starts_with(b",") {
            return false;
        }
    }
}

/// What stands between the quotes of the tag that comes first, and what comes behind it. There may be commas in it.
fn opaque(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let quoted = text.strip_prefix(b"W/").unwrap_or(text);
    let inside = quoted.strip_prefix(b"\"")?;
    let end = inside.iter().position(|byte| *byte == b'"')?;
    let (tag, behind) = inside.split_at(end);
    let is_valid = tag.iter().all(|byte| matches!(byte, 0x21..=0x7e | 0x80..));
    is_valid.then_some((tag, &behind[1..]))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn without(text: &[u8], skipped: impl Fn(u8) -> bool) -> &[u8] {
    let start = text.iter().position(|byte| !skipped(*byte));
    &text[start.unwrap_or(text.len())..]
}

#[cfg(test)]
mod tests {
    use super::is_in;

    fn has(list: &str, tag: &str) -> bool {
        is_in(list.as_bytes(), tag.as_bytes())
    }

    #[test]
    fn a_tag_is_found_in_a_list_whether_weak_or_not() {
        for list in [
            "W/\"a-1\"",
            "\"a-1\"",
            " \"a-1\" ",
            "*",
            " * ",
            "\"x\", W/\"a-1\"",
            "W/\"a-1\",\"x\"",
            "\"x,y\",\t\"a-1\"",
            ", ,\"a-1\",,",
            "\"\",\"é\",\"a-1\"",
        ] {
            assert!(has(list, "W/\"a-1\""), "{list}");
            assert!(has(list, "\"a-1\""), "{list}");
        }
    }

    #[test]
    fn what_is_malformed_or_another_tag_names_nothing() {
        for list in [
            "",
            "a-1",
            "'a-1'",
            "\"a-1",
            "a-1\"",
            "w/\"a-1\"",
            "W/ \"a-1\"",
            "W\"a-1\"",
            "\"a-1\" \"b\"",
            "\"a-1\"x",
            "\"a-1\", *",
            "*, \"a-1\"",
            "**",
            "\"a -1\", \"a-1\"",
            "\"A-1\"",
            "\"a-1,b\"",
            "\"W/a-1\"",
        ] {
            assert!(!has(list, "W/\"a-1\""), "{list}");
        }
        assert!(!has("*", "a-1"), "a tag of the handler's that is none");
    }
}
