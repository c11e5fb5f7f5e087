//! Keys as JSON: a list of their elements, such as `["eu",7]`.

use crate::lock::{Element, StoredKeyReader, StoredKeyWriter};
use serde_json::{Value, json};

/// The key of a row as JSON; `None` if it is none.
pub(crate) fn to_json(space: &str, key: &[u8]) -> Option<Value> {
    if space.is_empty() {
        return Some(json!(std::str::from_utf8(key).ok()?));
    }
    let mut reader = StoredKeyReader::new(key);
    let mut elements = Vec::new();
    while !reader.is_at_end() {
        elements.push(match reader.element()? {
            Element::Text(text) => json!(text),
            Element::Bool(is) => json!(is),
            // As texts in an object, since few readers of JSON know integers of 128 bits.
            Element::Integer(is_negative, amount) => match (is_negative, u64::try_from(amount)) {
                (false, Ok(number)) => json!(number),
                (true, Ok(number)) if number <= i64::MAX as u64 => json!(-(number as i64)),
                (false, _) => json!({ "integer": amount.to_string() }),
                (true, _) => json!({ "integer": format!("-{amount}") }),
            },
            Element::Uuid(bytes) => json!({ "uuid": hex(&bytes) }),
        });
    }
    Some(Value::Array(elements))
}

/// The key that [`to_json`] has written; `None` if it is none.
pub(crate) fn from_json(space: &str, key: &Value) -> Option<Vec<u8>> {
    if space.is_empty() {
        return Some(key.as_str()?.as_bytes().to_vec());
    }
    let mut writer = StoredKeyWriter::default();
    for element in key.as_array()? {
        match element {
            Value::String(text) => writer.text(text),
            Value::Bool(is) => writer.bool(*is),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => writer.integer(false, number.into()),
                (None, Some(number)) => writer.integer(true, number.unsigned_abs().into()),
                _ => return None,
            },
            Value::Object(members) => {
                if let Some(integer) = members.get("integer") {
                    let text = integer.as_str()?;
                    let amount = text.strip_prefix('-').unwrap_or(text);
                    writer.integer(text.starts_with('-'), amount.parse().ok()?);
                } else {
                    writer.uuid(&unhex(members.get("uuid")?.as_str()?)?);
                }
            }
            _ => return None,
        }
    }
    Some(writer.into_bytes())
}

/// A key for messages.
pub(super) fn text(space: &str, key: &[u8]) -> String {
    match to_json(space, key) {
        Some(Value::String(lock)) => lock,
        Some(key) => format!("{space} {key}"),
        None => format!("{space} {key:02x?}"),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    let number = u128::from_str_radix(text, 16).ok()?;
    (text.len() == 32).then(|| number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back() {
        let mut writer = StoredKeyWriter::default();
        writer.text("a\0ü");
        writer.integer(false, 7);
        writer.integer(true, 9);
        writer.integer(true, u128::MAX / 2);
        writer.integer(false, u128::MAX);
        writer.bool(true);
        writer.uuid(&[0xfe; 16]);
        let key = writer.into_bytes();
        let json = to_json("x:{}", &key).unwrap();
        assert_eq!(from_json("x:{}", &json).unwrap(), key);
        assert_eq!(to_json("", b"page").unwrap(), "page");
        assert_eq!(from_json("", &json!("page")).unwrap(), b"page");
    }
}
