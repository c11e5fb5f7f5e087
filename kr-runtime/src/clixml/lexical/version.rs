//! `System.Version`.

use super::invalid::InvalidText;
use super::number;

/// Reads a version: two to four numbers, each of which .NET holds in an `int`.
pub(crate) fn parse(text: &str) -> Result<Vec<i32>, InvalidText> {
    let parts = text
        .split('.')
        .map(|part| match number::parse_int::<i32>(part, true) {
            Ok(part) if part < 0 => Err(InvalidText::OutOfRange),
            part => part,
        });
    let parts: Vec<i32> = parts.take(5).collect::<Result<_, _>>()?;
    if (2..=4).contains(&parts.len()) {
        Ok(parts)
    } else {
        Err(InvalidText::Syntax)
    }
}
