//! The fast path for leaves such as `<S>text</S>`, the most frequent elements.

use super::tape::{NAME_RAW, NAMED, Span, TEXT_RAW};
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::xml::{is_space, reference};

pub(crate) struct Leaf {
    pub(crate) kind: Kind,
    pub(crate) flags: u8,
    pub(crate) offset: usize,
    pub(crate) name: Span,
    pub(crate) text: Span,
    /// The offset after the end tag.
    pub(crate) end: usize,
}

/// The leaf at `from`, after white space, if its markup is certainly valid. `None` only means that the events must
/// check it.
pub(crate) fn leaf(source: &str, from: usize) -> Option<Leaf> {
    let bytes = source.as_bytes();
    let offset = from
        + bytes
            .get(from..)?
            .iter()
            .position(|byte| !is_space(*byte))?;
    if bytes[offset] != b'<' {
        return None;
    }
    let tag_start = offset + 1;
    let rest = &bytes[tag_start..];
    // The longest name is `ToString`.
    let length = rest
        .iter()
        .take(9)
        .position(|byte| !byte.is_ascii_alphanumeric())?;
    let kind = Kind::of(&rest[..length])?;
    if !(kind.is_primitive() || kind == Kind::TypeName) || kind == Kind::Progress {
        return None;
    }
    let mut flags = 0;
    let mut name = Span::default();
    let text_start = match rest[length] {
        b'>' => tag_start + length + 1,
        b' ' => {
            let value = rest[length..].strip_prefix(b" N=\"")?;
            let close = memchr::memchr(b'"', value)?;
            if value.get(close + 1) != Some(&b'>') {
                return None;
            }
            let start = tag_start + length + 4;
            name = Span::new(start, start + close);
            flags |= NAMED;
            let scan = scan(&value[..close]);
            if scan.suspect {
                return None;
            }
            if scan.underscore {
                flags |= NAME_RAW;
            }
            start + close + 2
        }
        _ => return None,
    };
    let content = &bytes[text_start..];
    let text_length = memchr::memchr(b'<', content)?;
    let after_text = content[text_length..]
        .strip_prefix(b"</")?
        .strip_prefix(&rest[..length])?;
    if after_text.first() != Some(&b'>') {
        return None;
    }
    let text = &source[text_start..text_start + text_length];
    let scan = scan(text.as_bytes());
    if scan.suspect {
        // References are too frequent for the slow path.
        if !has_only_references(text) {
            return None;
        }
        flags |= TEXT_RAW;
    } else if scan.underscore && kind.is_escaped() {
        flags |= TEXT_RAW;
    }
    let text_end = text_start + text_length;
    Some(Leaf {
        kind,
        flags,
        offset,
        name,
        text: Span::new(text_start, text_end),
        end: text_end + 2 + length + 1,
    })
}

struct Scan {
    suspect: bool,
    underscore: bool,
}

/// Whether a text may have controls, references, `]]>`, or a character that XML forbids, by its first byte. There are
/// no branches, so the compiler can check many bytes at once.
#[inline]
fn scan(text: &[u8]) -> Scan {
    let (mut suspect, mut underscore) = (false, false);
    for byte in text {
        suspect |=
            (*byte < 0x20) | (*byte == b'&') | (*byte == b']') | (*byte == b'<') | (*byte == 0xEF);
        underscore |= *byte == b'_';
    }
    Scan {
        suspect,
        underscore,
    }
}

/// Whether a suspect text has nothing to check but valid references.
fn has_only_references(text: &str) -> bool {
    let mut parts = text.split('&');
    let plain = |part: &str| !scan(part.as_bytes()).suspect;
    parts.next().is_none_or(plain)
        && parts.all(|part| {
            part.split_once(';')
                .is_some_and(|(name, rest)| reference(name).is_some() && plain(rest))
        })
}
