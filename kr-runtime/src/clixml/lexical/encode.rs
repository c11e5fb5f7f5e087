//! Text as a document holds it: XML's references, and PowerShell's `_xHHHH_` for what XML cannot carry.

/// Appends text as PowerShell escapes it; `"` only needs it in an attribute.
pub(crate) fn encode(out: &mut String, text: &str, attribute: bool) {
    let bytes = text.as_bytes();
    // Most text needs no escapes. One pass without branches finds out. 0xC2 leads U+0080 to U+009F, 0xF0 and
    // above lead what UTF-16 writes as surrogates, 0xEF leads the two that XML forbids.
    let plain = bytes.iter().fold(true, |plain, byte| {
        plain
            & (*byte >= 0x20)
            & !matches!(*byte, b'&' | b'<' | b'>' | b'"' | b'_' | 0x7F | 0xC2 | 0xEF)
            & (*byte < 0xF0)
    });
    if plain {
        out.push_str(text);
        return;
    }
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        let (length, entity) = match bytes[at] {
            b'&' => (1, "&amp;"),
            b'<' => (1, "&lt;"),
            b'>' => (1, "&gt;"),
            b'"' if attribute => (1, "&quot;"),
            b'_' if matches!(bytes.get(at + 1), Some(b'x' | b'X')) => (1, "_x005F_"),
            0..0x20 | 0x7F => (1, ""),
            0xC2 if bytes[at + 1] < 0xA0 => (2, ""),
            0xEF if matches!(bytes[at + 1..], [0xBF, 0xBE | 0xBF, ..]) => (3, ""),
            0xF0.. => (4, ""),
            _ => {
                at += 1;
                continue;
            }
        };
        out.push_str(&text[copied..at]);
        if entity.is_empty() {
            for unit in text[at..at + length].encode_utf16() {
                push_unit(out, unit);
            }
        } else {
            out.push_str(entity);
        }
        at += length;
        copied = at;
    }
    out.push_str(&text[copied..]);
}

/// Appends UTF-16 that may have unpaired surrogates.
pub(crate) fn encode_utf16_units(out: &mut String, units: &[u16], attribute: bool) {
    let mut run = String::new();
    for part in char::decode_utf16(units.iter().copied()) {
        match part {
            Ok(character) => run.push(character),
            Err(half) => {
                encode(out, &run, attribute);
                run.clear();
                push_unit(out, half.unpaired_surrogate());
            }
        }
    }
    encode(out, &run, attribute);
}

fn push_unit(out: &mut String, unit: u16) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push_str("_x");
    for shift in [12, 8, 4, 0] {
        out.push(DIGITS[usize::from(unit >> shift & 0xF)] as char);
    }
    out.push('_');
}

/// Appends the value of an attribute that has no escapes of PowerShell, only those of XML.
pub(crate) fn encode_attribute(out: &mut String, text: &str) {
    use std::fmt::Write as _;
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "&#x{:X};", character as u32);
            }
            _ => out.push(character),
        }
    }
}
