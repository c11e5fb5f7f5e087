//! Decodes the raw text of a document: XML's references, CDATA and line ends, then PowerShell's escapes.
//!
//! `_xHHHH_` is a UTF-16 unit that XML cannot carry as it is.

use std::borrow::Cow;

use super::xml::reference;

/// Decoded text: a `str` unless it has unpaired surrogates.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Decoded<'a> {
    Str(Cow<'a, str>),
    /// UTF-16 with an unpaired surrogate, which a `str` cannot hold.
    Utf16(Vec<u16>),
}

impl<'a> Decoded<'a> {
    /// The text with U+FFFD for each unpaired surrogate.
    pub(crate) fn lossy(self) -> Cow<'a, str> {
        match self {
            Decoded::Str(text) => text,
            Decoded::Utf16(units) => String::from_utf16_lossy(&units).into(),
        }
    }
}

/// Decodes the raw text of an element: entities, CDATA, comments and line ends, then the escapes if `escaped`.
pub(crate) fn decode_text(raw: &str, escaped: bool) -> Decoded<'_> {
    decode(raw, escaped, false)
}

/// Decodes the raw value of an attribute, in which white space becomes spaces.
pub(crate) fn decode_attribute(raw: &str, escaped: bool) -> Decoded<'_> {
    decode(raw, escaped, true)
}

fn decode(raw: &str, escaped: bool, attribute: bool) -> Decoded<'_> {
    match undo_xml(raw, attribute) {
        Some(text) if escaped => match text {
            Cow::Borrowed(text) => unescape(text),
            Cow::Owned(text) => match unescape(&text) {
                Decoded::Str(text) => Decoded::Str(Cow::Owned(text.into_owned())),
                Decoded::Utf16(units) => Decoded::Utf16(units),
            },
        },
        Some(text) => Decoded::Str(text),
        None => {
            let units = unescape_utf16(&to_utf16(raw, attribute), escaped);
            match String::from_utf16(&units) {
                Ok(text) => Decoded::Str(Cow::Owned(text)),
                Err(_) => Decoded::Utf16(units),
            }
        }
    }
}

/// Decodes XML's references, CDATA and line ends. `None` if a reference means an unpaired surrogate.
fn undo_xml(raw: &str, attribute: bool) -> Option<Cow<'_, str>> {
    let mut text = String::new();
    let mut changed = false;
    let sound = pieces(raw, attribute, |piece| {
        match piece {
            Piece::Text(part) if !changed && part.len() == raw.len() => return true,
            Piece::Text(part) => {
                if !changed {
                    text.reserve(raw.len());
                }
                text.push_str(part);
            }
            Piece::Code(code) => match char::from_u32(code) {
                Some(character) => text.push(character),
                None => return false,
            },
        }
        changed = true;
        true
    });
    match (sound, changed || raw.is_empty()) {
        (false, _) => None,
        (true, true) => Some(Cow::Owned(text)),
        // A text of comments only has no pieces.
        (true, false) if raw.starts_with("<") => Some(Cow::Borrowed("")),
        (true, false) => Some(Cow::Borrowed(raw)),
    }
}

fn to_utf16(raw: &str, attribute: bool) -> Vec<u16> {
    let mut units = Vec::with_capacity(raw.len());
    pieces(raw, attribute, |piece| {
        match piece {
            Piece::Text(part) => units.extend(part.encode_utf16()),
            Piece::Code(code) => match char::from_u32(code) {
                Some(character) => units.extend_from_slice(character.encode_utf16(&mut [0; 2])),
                None => units.push(code as u16),
            },
        }
        true
    });
    units
}

enum Piece<'a> {
    Text(&'a str),
    Code(u32),
}

/// Calls `take` for each piece of checked raw text, until it returns `false`.
fn pieces<'a>(raw: &'a str, attribute: bool, mut take: impl FnMut(Piece<'a>) -> bool) -> bool {
    let mut rest = raw;
    while !rest.is_empty() {
        let special = |byte: &u8| {
            matches!(byte, b'&' | b'<' | b'\r') || (attribute && matches!(byte, b'\n' | b'\t'))
        };
        let plain = match attribute {
            true => rest.bytes().position(|byte| special(&byte)),
            false => memchr::memchr3(b'&', b'<', b'\r', rest.as_bytes()),
        };
        let plain = plain.unwrap_or(rest.len());
        if plain > 0 {
            if !take(Piece::Text(&rest[..plain])) {
                return false;
            }
            rest = &rest[plain..];
            continue;
        }
        let (piece, length) = match rest.as_bytes()[0] {
            b'&' => {
                let end = rest.find(';').unwrap_or(rest.len() - 1);
                (reference(&rest[1..end]).map(Piece::Code), end + 1)
            }
            b'\r' => {
                let length = if rest[1..].starts_with('\n') { 2 } else { 1 };
                (
                    Some(Piece::Code(if attribute {
                        ' ' as u32
                    } else {
                        '\n' as u32
                    })),
                    length,
                )
            }
            b'\n' | b'\t' => (Some(Piece::Code(' ' as u32)), 1),
            _ => {
                if let Some(section) = rest.strip_prefix("<![CDATA[") {
                    let end = section.find("]]>").unwrap_or(section.len());
                    if !cdata(&section[..end], &mut take) {
                        return false;
                    }
                    (None, (9 + end + 3).min(rest.len()))
                } else {
                    let close = if rest.starts_with("<!--") {
                        "-->"
                    } else {
                        "?>"
                    };
                    let end = rest[1..]
                        .find(close)
                        .map_or(rest.len(), |end| 1 + end + close.len());
                    (None, end)
                }
            }
        };
        if piece.is_some_and(|piece| !take(piece)) {
            return false;
        }
        rest = &rest[length..];
    }
    true
}

fn cdata<'a>(section: &'a str, take: &mut impl FnMut(Piece<'a>) -> bool) -> bool {
    let mut lines = section.split('\r');
    let mut sound = lines
        .next()
        .is_none_or(|line| line.is_empty() || take(Piece::Text(line)));
    for line in lines {
        sound &= take(Piece::Code('\n' as u32));
        let line = line.strip_prefix('\n').unwrap_or(line);
        sound &= line.is_empty() || take(Piece::Text(line));
    }
    sound
}

/// One escape at the start of `bytes`: its code and its length. Eight digits are one code point.
fn escape(unit: impl Fn(usize) -> Option<u16>) -> Option<(u32, usize)> {
    let is = |at: usize, byte: u8| unit(at) == Some(u16::from(byte));
    if !is(0, b'_') || !(is(1, b'x') || is(1, b'X')) {
        return None;
    }
    let digit = |at: usize| char::from_u32(u32::from(unit(at)?))?.to_digit(16);
    let number =
        |from: usize| (from..from + 4).try_fold(0, |number, at| Some(number * 16 + digit(at)?));
    let high = number(2)?;
    if is(6, b'_') {
        return Some((high, 7));
    }
    let code = high << 16 | number(6)?;
    (is(10, b'_')).then_some((code, 11))
}

fn unescape(text: &str) -> Decoded<'_> {
    let bytes = text.as_bytes();
    let mut decoded = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'_', &bytes[at..]) {
        at += found;
        let Some((code, length)) =
            escape(|index| bytes.get(at + index).map(|byte| u16::from(*byte)))
        else {
            at += 1;
            continue;
        };
        let mut end = at + length;
        let character = match code {
            0xD800..=0xDBFF => {
                match escape(|index| bytes.get(end + index).map(|byte| u16::from(*byte))) {
                    Some((low @ 0xDC00..=0xDFFF, length)) => {
                        end += length;
                        char::from_u32(0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00))
                    }
                    _ => None,
                }
            }
            _ => char::from_u32(code),
        };
        match character {
            Some(character) => {
                if copied == 0 {
                    decoded.reserve(text.len());
                }
                decoded.push_str(&text[copied..at]);
                decoded.push(character);
                copied = end;
            }
            // A number above the last code point is no escape.
            None if code > 0x10_FFFF => {}
            None => {
                return Decoded::Utf16(unescape_utf16(
                    &text.encode_utf16().collect::<Vec<_>>(),
                    true,
                ));
            }
        }
        at = end;
    }
    if copied == 0 {
        return Decoded::Str(Cow::Borrowed(text));
    }
    decoded.push_str(&text[copied..]);
    Decoded::Str(Cow::Owned(decoded))
}

fn unescape_utf16(units: &[u16], escaped: bool) -> Vec<u16> {
    if !escaped {
        return units.to_vec();
    }
    let mut decoded = Vec::with_capacity(units.len());
    let mut at = 0;
    while at < units.len() {
        match escape(|index| units.get(at + index).copied()) {
            Some((code, length)) if code <= 0x10_FFFF => {
                match char::from_u32(code) {
                    Some(character) => {
                        decoded.extend_from_slice(character.encode_utf16(&mut [0; 2]));
                    }
                    None => decoded.push(code as u16),
                }
                at += length;
            }
            _ => {
                decoded.push(units[at]);
                at += 1;
            }
        }
    }
    decoded
}
