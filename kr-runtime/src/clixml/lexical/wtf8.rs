//! Text with unpaired surrogates as bytes: UTF-8, and each such surrogate as the three bytes that UTF-8 forbids.
//!
//! These bytes are never valid UTF-8, so nothing takes them for the text of a Rust string.

/// The bytes of UTF-16 text.
pub(crate) fn encode(units: &[u16]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(units.len());
    for character in char::decode_utf16(units.iter().copied()) {
        match character {
            Ok(character) => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Err(half) => {
                let unit = half.unpaired_surrogate();
                bytes.extend_from_slice(&[
                    0xED,
                    0x80 | (unit >> 6 & 0x3F) as u8,
                    0x80 | (unit & 0x3F) as u8,
                ]);
            }
        }
    }
    bytes
}

/// The UTF-16 text of these bytes, or `None` if they are no such text.
pub(crate) fn decode(bytes: &[u8]) -> Option<Vec<u16>> {
    let mut units = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let (valid, after) = match std::str::from_utf8(rest) {
            Ok(text) => (text, &rest[rest.len()..]),
            Err(error) => {
                let (valid, after) = rest.split_at(error.valid_up_to());
                (std::str::from_utf8(valid).ok()?, after)
            }
        };
        units.extend(valid.encode_utf16());
        match after {
            [] => return Some(units),
            [0xED, middle @ 0xA0..=0xBF, last @ 0x80..=0xBF, after @ ..] => {
                units.push(0xD000 | u16::from(*middle & 0x3F) << 6 | u16::from(*last & 0x3F));
                rest = after;
            }
            _ => return None,
        }
    }
}

/// A byte that no text has.
const HIDDEN: u8 = 0xFF;

/// The bytes of a secret, which are no text.
pub(crate) fn hide(text: &str) -> Vec<u8> {
    let mut bytes = vec![HIDDEN];
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// The secret of which these are the bytes.
pub(crate) fn reveal(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes.strip_prefix(&[HIDDEN])?).ok()
}
