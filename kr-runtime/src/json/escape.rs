//! Text in quotes. What needs no escape, nearly everything, is looked at sixteen bytes at a time and copied at once.

/// Appends a text in quotes.
pub(super) fn push(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    out.reserve(rest.len() + 2);
    out.push(b'"');
    while let Some(at) = first_special(rest) {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain);
        escape(out, special[0]);
        rest = &special[1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Where the first byte is that cannot stand in quotes as it is.
fn first_special(bytes: &[u8]) -> Option<usize> {
    let (chunks, rest) = bytes.as_chunks();
    let clean = chunks
        .iter()
        .take_while(|chunk| !has_special(chunk))
        .count();
    let from = clean * CHUNK;
    let found = match chunks.get(clean) {
        Some(chunk) => chunk.iter().position(is_special),
        // The last bytes may overlap with those that have been looked at.
        None if bytes.last_chunk().is_some_and(|chunk| !has_special(chunk)) => None,
        None => rest.iter().position(is_special),
    };
    found.map(|at| from + at)
}

fn is_special(byte: &u8) -> bool {
    *byte < 0x20 || *byte == b'"' || *byte == b'\\'
}

const CHUNK: usize = 16;

/// Without a way out in between, which lets the compiler take all bytes at once.
fn has_special(chunk: &[u8; CHUNK]) -> bool {
    chunk
        .iter()
        .fold(false, |found, byte| found | is_special(byte))
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0c => b'f',
        b'\r' => b'r',
        _ => {
            let hex = |digit: u8| b"0123456789abcdef"[usize::from(digit)];
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', hex(byte >> 4), hex(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::push;

    #[test]
    fn every_character_is_escaped_as_serde_json_does_wherever_it_stands() {
        let specials = (0..=0x2f_u8).chain([b'[', b'\\', b']', 0x7e, 0x7f]);
        let specials = specials
            .map(char::from)
            .chain(['é', '\u{80}', '😀', '\u{2028}']);
        for special in specials {
            for before in 0..36 {
                for after in [0, 1, 7, 8, 17] {
                    let text = format!("{}{special}{}", "x".repeat(before), "ü".repeat(after));
                    let mut out = Vec::new();
                    push(&mut out, &text);
                    assert_eq!(
                        out,
                        serde_json::to_vec(&text).unwrap_or_default(),
                        "{text:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn several_escapes_in_a_row_are_all_written() {
        for text in [
            "",
            "\"\"\"",
            "\\\"\n\r\t\u{8}\u{c}\u{1}\u{1f}",
            "C:\\a\\b \"c\"\n  d\n  e",
        ] {
            let mut out = Vec::new();
            push(&mut out, text);
            assert_eq!(
                out,
                serde_json::to_vec(text).unwrap_or_default(),
                "{text:?}"
            );
        }
    }
}
