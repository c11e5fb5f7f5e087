//! Reading a key from the name of its lock.

use super::template::{Template, is_plain_or_escape};
use std::str::FromStr;

/// Reads the parts of a key from the name of a keyed lock, as [`KeyWriter`](super::KeyWriter) has written them.
pub struct KeyReader<'n> {
    rest: &'n str,
    /// The texts of the template that follow.
    texts: std::slice::Iter<'n, String>,
}

impl KeyReader<'_> {
    /// The next part.
    pub fn part<T: FromStr>(&mut self) -> Option<T> {
        let end = self.rest.find(|c| !is_plain_or_escape(c));
        let (part, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.strip_prefix(self.texts.next()?.as_str())?;
        unescape(part)?.parse().ok()
    }
}

impl Template {
    /// The key in a name of this form. It may have another name: `cart:07` reads as 7, whose name is `cart:7`.
    pub(crate) fn read<K>(
        &self,
        name: &str,
        read: impl FnOnce(&mut KeyReader<'_>) -> Option<K>,
    ) -> Option<K> {
        let mut texts = self.texts().iter();
        let rest = name.strip_prefix(texts.next()?.as_str())?;
        let mut reader = KeyReader { rest, texts };
        let key = read(&mut reader)?;
        (reader.rest.is_empty() && reader.texts.len() == 0).then_some(key)
    }
}

/// Text whose characters were escaped as in a URL.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next()?.bytes());
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend(rest.bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::super::LockKey;
    use super::Template;

    /// The key in the name that it has under a template.
    fn read_back<K: LockKey>(template: &str, key: &K) -> Option<K> {
        assert!(K::IS_READABLE);
        let template = Template::new(template);
        let name = template.format(|text| key.write_to(text));
        template.read(name.as_str(), K::read_from)
    }

    #[test]
    fn a_key_is_read_from_its_name() {
        for key in ["a", "A b", "", "%41", "a:b", "\u{e4}", "{a}/b.c-d_e"] {
            assert_eq!(
                read_back("cart:{id}", &key.to_owned()).as_deref(),
                Some(key)
            );
        }
        assert_eq!(read_back("cart:{id}", &-7_i64), Some(-7));
        assert_eq!(read_back("cart:{id}", &true), Some(true));
        assert_eq!(read_back("cart:{id}", &'%'), Some('%'));
        let tuple = ("a:b".to_owned(), 7_u8, 'x');
        assert_eq!(read_back("shop:{shop}:cart:{id}/{x}", &tuple), Some(tuple));
    }

    #[test]
    fn other_names_have_no_key() {
        let template = Template::new("shop:{shop}:cart:{id}");
        for name in [
            "",
            "shop:a",
            "shop:1:cart:x",
            "shop:1:cart:2:x",
            "shop:1:cart:%3",
        ] {
            let key = template.read(name, <(u8, u8)>::read_from);
            assert_eq!(key, None, "{name}");
        }
    }
}
