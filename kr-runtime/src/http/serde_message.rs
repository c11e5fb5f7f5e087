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

/// Other words of serde's, for what needs no name.
const WORDS: [(&str, &str); 7] = [
    ("a sequence", "an array"),
    ("a map", "an object"),
    ("unit", "null"),
    ("a borrowed string", "a string"),
    ("variant identifier", "the name of a variant"),
    ("fewer elements in sequence", "fewer elements in the array"),
    ("fewer elements in map", "fewer members in the object"),
];

/// The message with what is expected in words that a client knows.
pub(super) fn without_types(message: &str) -> Cow<'_, str> {
    if let Some(start) = message.find("did not match any variant of untagged enum ") {
        let end = "did not match any variant".len();
        return Cow::Owned(message[..start + end].to_owned());
    }
    // The last one: what comes before may quote the client.
    let Some((found, expected)) = message.rsplit_once("expected ") else {
        return Cow::Borrowed(message);
    };
    let in_json = expected_in_json(expected);
    // serde reads the members of an object from an array as well, in their order, and counts them.
    if let Some(object) = in_json.as_deref().filter(|it| it.starts_with("an object"))
        && found.starts_with("invalid length ")
    {
        let object = object
            .rsplit_once(" with ")
            .map_or(object, |(object, _)| object);
        return Cow::Owned(format!("invalid type: array, expected {object}"));
    }
    match (found_in_json(found), in_json) {
        (None, None) => Cow::Borrowed(message),
        (new_found, new_expected) => Cow::Owned(format!(
            "{}expected {}",
            new_found.as_deref().unwrap_or(found),
            new_expected.as_deref().unwrap_or(expected)
        )),
    }
}

/// What is expected, if JSON has other words for it.
fn expected_in_json(expected: &str) -> Option<Cow<'_, str>> {
    if let Some(words) = of_type(expected) {
        return Some(Cow::Borrowed(words));
    }
    if let Some(size) = expected.strip_prefix("a tuple of size ") {
        return Some(Cow::Owned(format!("an array of length {size}")));
    }
    if let Some(of) = expected.strip_prefix("a nonzero ") {
        let words = of_type(of).unwrap_or("a number");
        return Some(Cow::Owned(format!("{words}, but not 0")));
    }
    if let Some((_, words)) = WORDS.iter().find(|(serde, _)| *serde == expected) {
        return Some(Cow::Borrowed(words));
    }
    let (kind, words) = EXPECTED
        .iter()
        .find(|(kind, _)| expected.starts_with(kind))?;
    let elements = expected[kind.len()..].rsplit_once(" with ");
    Some(match elements {
        Some((_, elements)) => Cow::Owned(format!("{words} with {elements}")),
        None => Cow::Borrowed(words),
    })
}

/// What was found, if JSON has other words for it. A value that is quoted stays as it is.
fn found_in_json(found: &str) -> Option<Cow<'_, str>> {
    match found {
        "invalid type: sequence, " => Some(Cow::Borrowed("invalid type: array, ")),
        "invalid type: map, " => Some(Cow::Borrowed("invalid type: object, ")),
        found => {
            let number = found.strip_prefix("invalid type: floating point ")?;
            Some(Cow::Owned(format!("invalid type: number {number}")))
        }
    }
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
        let position = error.rfind(" at line 1 column ").unwrap_or(error.len());
        without_types(&error[..position]).into_owned()
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
    fn kinds_are_those_of_json() {
        for (message, expected) in [
            (
                message::<Secret>("[]"),
                "invalid type: array, expected an object",
            ),
            (
                message::<Secret>("1.5"),
                "invalid type: number `1.5`, expected an object",
            ),
            (
                message::<Vec<Secret>>("[[]]"),
                "invalid type: array, expected an object",
            ),
            (
                message::<SecretEnum>(r#"{"Two":[]}"#),
                "invalid type: array, expected an object",
            ),
            (
                message::<SecretPair>("{}"),
                "invalid type: object, expected an array",
            ),
            (
                message::<SecretPair>("[1]"),
                "invalid length 1, expected an array with 2 elements",
            ),
            (
                message::<(u8, u8)>("[1]"),
                "invalid length 1, expected an array of length 2",
            ),
            (
                message::<Vec<u8>>("{}"),
                "invalid type: object, expected an array",
            ),
            (
                message::<std::num::NonZeroU8>("0"),
                "invalid value: integer `0`, expected a whole number from 0 to 255, but not 0",
            ),
            (
                message::<String>("[]"),
                "invalid type: array, expected a string",
            ),
            (
                message::<()>("5"),
                "invalid type: integer `5`, expected null",
            ),
            (
                message::<std::collections::HashMap<String, u8>>("[]"),
                "invalid type: array, expected an object",
            ),
        ] {
            assert_eq!(message, expected);
        }
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
