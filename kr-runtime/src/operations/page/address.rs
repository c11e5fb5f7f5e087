//! The addresses of pages.

/// Where a state is shown.
pub(super) fn address(name: &str) -> String {
    format!("state?name={}", encoded(name))
}

/// Text as a part of a query.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_an_address_is_nothing_but_a_name() {
        assert_eq!(
            address("\"><a href=x>&k=1"),
            "state?name=%22%3E%3Ca%20href%3Dx%3E%26k%3D1"
        );
    }
}
