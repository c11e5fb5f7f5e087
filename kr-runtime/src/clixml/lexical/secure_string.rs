//! `System.Security.SecureString` as hexadecimal digits.

use super::invalid::InvalidText;

/// Checks that a text is a whole number of bytes in hexadecimal digits, and not empty.
pub(crate) fn check(text: &str) -> Result<(), InvalidText> {
    let hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text.is_empty() || !text.len().is_multiple_of(2) || !hexadecimal {
        Err(InvalidText::Syntax)
    } else {
        Ok(())
    }
}
