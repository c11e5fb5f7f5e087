//! Messages of serde's, without the names of Rust types: those are nothing to a client.

use std::borrow::Cow;

/// What serde expects, in the words of its messages, and what that is in JSON. A name follows each of them.
const EXPECTED: [(&str, &str); 12] = [
    ("tuple struct ", "an array"),
    ("unit struct ", "null"),
    ("newtype struct ", "another value"),
    ("struct variant ", "an object"),
    ("tuple variant ", "an array"),
    ("newtype variant ", "another value"),
    ("unit variant ", "a name alone"),
    ("struct ", "an object"),
    ("internally tagged enum ", "an object with a tag"),
    ("adjacently tagged enum ", "an object with a tag"),
    ("enum ", "the name of a variant, or an object with one"),
    ("union ", "another value"),
];

/// The message with what is expected in words that a client knows.
pub(super) fn without_types(message: &str) -> Cow<'_, str> {
    if let Some(start) = message.find("did not match any variant of untagged enum ") {
        let end = "did not match any variant".len();
        return Cow::Owned(message[..start + end].to_owned());
    }
    // The last one: what comes before may quote the client.
    let Some((start, expected)) = message.rsplit_once("expected ") else {
        return Cow::Borrowed(message);
    };
    if let Some(words) = of_type(expected) {
        return Cow::Owned(format!("{start}expected {words}"));
    }
    for (kind, words) in EXPECTED {
        if let Some(rest) = expected.strip_prefix(kind) {
            // serde reads an array as an object, member by member, and counts. A client has sent a wrong type.
            if words == "an object"
                && let Some((place, _)) = start.split_once("invalid length ")
            {
                return Cow::Owned(format!("{place}invalid type: an array, expected {words}"));
            }
            let elements = rest.find(" with ").map_or("", |index| &rest[index..]);
            return Cow::Owned(format!("{start}expected {words}{elements}"));
        }
    }
    Cow::Borrowed(message)
}

/// A primitive type of Rust's, in words.
pub(super) fn of_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "i8" => "a whole number from -128 to 127",
        "i16" => "a whole number from -32768 to 32767",
        "i32" => "a whole number from -2147483648 to 2147483647",
        "i64" => "a whole number from -9223372036854775808 to 9223372036854775807",
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" => "a whole number from 0 to 18446744073709551615",
        "i128" | "isize" => "a whole number",
        "u128" | "usize" => "a whole number that is not negative",
        "f32" | "f64" => "a number",
        "bool" => "`true` or `false`",
        "char" => "a single character",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Secret {
        count: u32,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct SecretPair(u8, u8);

    #[derive(Debug, Deserialize)]
    struct SecretUnit;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    enum SecretEnum {
        One,
        Two { a: u8 },
        Three(u8, u8),
    }

    #[derive(Debug, Deserialize)]
    #[serde(tag = "kind")]
    enum SecretTagged {
        One,
    }

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[allow(dead_code)]
    enum SecretUntagged {
        One(u8),
    }

    fn message<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> String {
        let error = serde_json::from_str::<T>(json).unwrap_err().to_string();
        without_types(&error.replace(" at line 1", " (line 1")).into_owned()
    }

    #[test]
    fn no_type_is_named() {
        for message in [
            message::<Secret>("5"),
            message::<Secret>("[]"),
            message::<SecretPair>("{}"),
            message::<SecretPair>("[1]"),
            message::<SecretUnit>("5"),
            message::<SecretEnum>("5"),
            message::<SecretEnum>(r#"{"Two":5}"#),
            message::<SecretEnum>(r#"{"Three":5}"#),
            message::<SecretTagged>("5"),
            message::<SecretUntagged>("[]"),
        ] {
            assert!(!message.contains("Secret"), "{message}");
            assert!(!message.contains("struct"), "{message}");
        }
    }

    #[test]
    fn an_array_for_an_object_is_a_wrong_type() {
        let expected = "invalid type: an array, expected an object";
        assert_eq!(message::<Secret>("[]"), expected);
        assert_eq!(message::<SecretEnum>(r#"{"Two":[]}"#), expected);
        let too_short = message::<SecretPair>("[1]");
        assert!(too_short.starts_with("invalid length 1, expected an array with 2 elements"));
    }

    #[test]
    fn a_value_that_quotes_the_words_of_a_message_stays() {
        let error = message::<Secret>(r#""expected struct X""#);
        assert!(
            error.starts_with(r#"invalid type: string "expected struct X", expected an object"#),
            "{error}"
        );
    }
}
