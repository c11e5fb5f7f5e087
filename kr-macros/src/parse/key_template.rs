//! Lock keys with places for arguments: `cart:{id}`.

use crate::syntax::diagnostic::Mistake;
use syn::ext::IdentExt;
use syn::parse::Parser;

/// The names of the places in a key, in order. A key without braces has none.
pub(crate) fn places(key: &str) -> Result<Vec<String>, Mistake> {
    let mut places = Vec::new();
    let mut rest = key;
    loop {
        let at = key.len() - rest.len();
        let Some(open) = rest.find(['{', '}']) else {
            return Ok(places);
        };
        let close = rest[open..].find('}').filter(|close| *close > 0);
        let (Some(close), true) = (close, rest[open..].starts_with('{')) else {
            let mistake = mistake(key, at + open, 1, "a brace has no partner");
            return Err(mistake.help("write `{id}` for the argument `id`"));
        };
        let name = &rest[open + 1..open + close];
        if syn::Ident::parse_any.parse_str(name).is_err() || name == "_" {
            let what = match name.trim() {
                "" => "a place in a key has the name of an argument".to_owned(),
                name => format!("no argument can have the name `{name}`"),
            };
            let mistake = mistake(key, at + open, close + 1, what);
            return Err(
                mistake.help("write a capture of the path between the braces, such as `{id}`")
            );
        }
        places.push(name.to_owned());
        rest = &rest[open + close + 1..];
        if rest.starts_with(|c: char| c == '{' || could_be_of_a_key(c)) {
            let after = key.len() - rest.len();
            let what = "what follows a place could be taken for a part of its value";
            let separated = format!("{}:{rest}", &key[..after]);
            return Err(mistake(key, after, 1, what).help(format!("write `\"{separated}\"`")));
        }
    }
}

/// A key without the names of its places: two that are equal so are one lock whenever their arguments are equal.
pub(crate) fn nameless(key: &str) -> String {
    let mut pieces = key.split('{');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str("{}");
        plain.push_str(piece.split_once('}').map_or(piece, |(_, rest)| rest));
    }
    plain
}

/// What stands in lock names for itself, so that it cannot end a value.
fn could_be_of_a_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '%')
}

fn mistake(key: &str, at: usize, length: usize, what: impl std::fmt::Display) -> Mistake {
    Mistake::new("KR0312", what).marking(key, key[..at].chars().count(), length)
}

#[cfg(test)]
mod tests {
    use super::{nameless, places};

    #[test]
    fn places_are_found_in_their_order() {
        for (key, names) in [
            ("shop", &[][..]),
            ("cart:{id}", &["id"]),
            ("{shop}:{r#type}/x", &["shop", "r#type"]),
        ] {
            assert_eq!(places(key).ok().unwrap(), names);
        }
    }

    #[test]
    fn keys_are_compared_without_the_names_of_places() {
        assert_eq!(nameless("shop"), "shop");
        assert_eq!(nameless("{shop}:{id}/x"), "{}:{}/x");
        assert_eq!(nameless("cart:{id"), "cart:{}id");
    }

    #[test]
    fn what_is_no_place_is_told() {
        for (key, advice) in [
            ("cart:{id", "no partner"),
            ("cart:id}", "no partner"),
            ("}{", "no partner"),
            ("cart:{}", "name"),
            ("cart:{_}", "name"),
            ("cart:{a b}", "name"),
            ("cart:{{id}}", "name"),
            ("{a}{b}", "\"{a}:{b}\""),
            ("{a}-{b}", "\"{a}:-{b}\""),
            ("{a}x", "\"{a}:x\""),
        ] {
            let complaint = places(key).err().unwrap().text();
            assert!(
                complaint.contains(advice) && complaint.contains("KR0312"),
                "{key}: {complaint}"
            );
        }
    }
}
