//! Lock names that are made of data: `cart:{id}`.

use super::Key;
use std::fmt::{self, Display, Write};

/// The form of a name: text with a placeholder for each part of a key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Template {
    /// The text before the first placeholder, between two, and after the last one; trimmed and in lower case, as keys are.
    texts: Vec<String>,
}

impl Template {
    /// Reads `cart:{id}`. The names of placeholders mean nothing here. The macros have checked that braces match, and that
    /// the text after a placeholder cannot be mistaken for a part of it.
    pub(crate) fn new(text: &str) -> Self {
        let mut texts = Vec::new();
        let mut rest = text.trim();
        while let Some((before, after)) = rest.split_once('{') {
            texts.push(before.to_lowercase());
            rest = after.split_once('}').map_or("", |(_, after)| after);
        }
        texts.push(rest.to_lowercase());
        Self { texts }
    }

    /// Whether a name has this form.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let mut rest = name;
        for (index, text) in self.texts.iter().enumerate() {
            if index > 0 {
                rest = rest.trim_start_matches(is_plain_or_escape);
            }
            match rest.strip_prefix(text.as_str()) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        rest.is_empty()
    }

    /// The text before, between and after its placeholders.
    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The name with these parts.
    pub(crate) fn format(&self, write: impl FnOnce(&mut KeyWriter<'_>)) -> Key {
        let mut text = KeyWriter {
            name: self.texts[0].clone(),
            texts: self.texts[1..].iter(),
        };
        write(&mut text);
        Key::normal(text.name)
    }
}

impl Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.texts.join("{}"))
    }
}

/// Writes the name of a keyed lock from the parts of its key.
pub struct KeyWriter<'t> {
    name: String,
    texts: std::slice::Iter<'t, String>,
}

impl KeyWriter<'_> {
    /// The text of a key by itself.
    pub(super) fn text(write: impl FnOnce(&mut KeyWriter<'_>)) -> String {
        let mut writer = KeyWriter {
            name: String::new(),
            texts: [].iter(),
        };
        write(&mut writer);
        writer.name
    }

    /// Writes the next part of the key.
    ///
    /// Characters that could make two different keys equal are escaped, as in a URL: all but digits, the lower-case letters
    /// `a` to `z`, `-`, `_` and `.`.
    pub fn part(&mut self, part: impl Display) {
        // Writing to a string does not fail.
        let _ = write!(Escaped(&mut self.name), "{part}");
        if let Some(text) = self.texts.next() {
            self.name.push_str(text);
        }
    }
}

impl fmt::Debug for KeyWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyWriter").field(&self.name).finish()
    }
}

struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if is_plain(c) {
                self.0.push(c);
            } else {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    write!(self.0, "%{byte:02x}")?;
                }
            }
        }
        Ok(())
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_digit() || c.is_ascii_lowercase() || matches!(c, '-' | '_' | '.')
}

pub(super) fn is_plain_or_escape(c: char) -> bool {
    is_plain(c) || c == '%'
}

#[cfg(test)]
mod tests {
    use super::Template;

    fn name(template: &str, parts: &[&str]) -> String {
        let filled =
            Template::new(template).format(|key| parts.iter().for_each(|part| key.part(part)));
        filled.as_str().to_owned()
    }

    #[test]
    fn the_parts_of_a_key_replace_the_placeholders() {
        assert_eq!(name(" Cart:{id} ", &["7"]), "cart:7");
        assert_eq!(
            name("shop:{shop}:cart:{id}/x", &["a", "-1"]),
            "shop:a:cart:-1/x"
        );
    }

    #[test]
    fn different_keys_have_different_names() {
        let keys = [
            "a", "A", " a", "a ", "%41", "a:b", "\u{e4}", "\u{c4}", "", "{a}", "a/b",
        ];
        for one in keys {
            for other in keys {
                let same = name("cart:{id}", &[one]) == name("cart:{id}", &[other]);
                assert_eq!(same, one == other, "{one:?} and {other:?}");
                let swapped = name("{a}:{b}", &[one, other]) == name("{a}:{b}", &[other, one]);
                assert_eq!(swapped, one == other, "{one:?} and {other:?}");
            }
        }
        assert_ne!(
            name("{a}:{b}", &["a:b", "c"]),
            name("{a}:{b}", &["a", "b:c"])
        );
    }

    #[test]
    fn a_template_matches_its_own_names_only() {
        let template = Template::new("shop:{shop}:cart:{id}");
        for parts in [["a", "7"], ["A:B", ""], ["", "%"]] {
            assert!(template.matches(&name("shop:{shop}:cart:{id}", &parts)));
        }
        for other in [
            "",
            "shop",
            "shop:a:cart",
            "shop:a:b:cart:7",
            "shop:a:cart:7:x",
            "a:shop:a:cart:7",
        ] {
            assert!(!template.matches(other), "{other}");
        }
    }
}
