//! References from one part of a document to another.

use serde_json::Value;

/// Calls the function with the text of each `$ref` of a document, which it may replace.
pub(super) fn each(value: &mut Value, with: &mut dyn FnMut(&mut String)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(reference) if name == "$ref" => with(reference),
                    member => each(member, with),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, with)),
        _ => {}
    }
}

/// The last segment of a JSON pointer, without its escapes.
pub(super) fn last_segment(pointer: &str) -> String {
    let last = pointer.rsplit('/').next().unwrap_or_default();
    let mut bytes = Vec::with_capacity(last.len());
    let mut rest = last.as_bytes();
    while let [first, others @ ..] = rest {
        let hex = others
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok());
        let escaped = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let byte = escaped.filter(|_| *first == b'%');
        bytes.push(byte.unwrap_or(*first));
        rest = byte.map_or(others, |_| &others[2..]);
    }
    let text = String::from_utf8_lossy(&bytes);
    text.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::last_segment;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(last_segment("#/responses/Page"), "Page");
        assert_eq!(last_segment("#/responses/a~1b~0c%3Cd%3E%"), "a/b~c<d>%");
    }
}
