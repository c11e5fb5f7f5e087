//! Decodes the bytes of a file to text.

use std::borrow::Cow;

use crate::clixml::base::error::{Category, Error};

/// Decodes a file as PowerShell does: by the byte order mark, or as UTF-8 without one. The encoding in
/// the XML declaration is ignored.
pub(crate) fn decode(bytes: &[u8], limit: usize) -> Result<Source<'_>, Error> {
    if bytes.len() > limit {
        let message = format!(
            "the input has {} bytes, more than the {limit} that are allowed",
            bytes.len()
        );
        return Err(Error::new(Category::Limit, message));
    }
    // The mark of UTF-32 LE starts with that of UTF-16 LE.
    let text = match bytes {
        [0xFF, 0xFE, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes)?.into(),
        [0, 0, 0xFE, 0xFF, rest @ ..] => utf32(rest, u32::from_be_bytes)?.into(),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes)?.into(),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes)?.into(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest)?,
        rest => utf8(rest)?,
    };
    Ok(Source {
        line: first_line(&text),
        text,
    })
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let message = "the input is not UTF-8; files in UTF-16 need a byte order mark";
            Err(Error::xml(valid.len(), message).locate(&valid))
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Error> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> =
        char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(Error::new(
            Category::Xml,
            "the input has the byte order mark of UTF-16, but is not UTF-16",
        )),
    }
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Result<String, Error> {
    let (units, rest) = bytes.as_chunks::<4>();
    let text: Option<String> = units
        .iter()
        .map(|bytes| char::from_u32(unit(*bytes)))
        .collect();
    match text {
        Some(text) if rest.is_empty() => Ok(text),
        _ => Err(Error::new(
            Category::Xml,
            "the input has the byte order mark of UTF-32, but is not UTF-32",
        )),
    }
}

/// The text of a file.
pub(crate) struct Source<'a> {
    text: Cow<'a, str>,
    /// The length of a first line `#< CLIXML`, which is not part of the document.
    line: usize,
}

impl Source<'_> {
    /// Reads the document. Line numbers in errors are those of the file.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&str) -> Result<T, Error>) -> Result<T, Error> {
        read(&self.text[self.line..]).map_err(|error| {
            if self.line > 0 {
                error.one_line_down()
            } else {
                error
            }
        })
    }
}

/// `pwsh -OutputFormat xml` puts this line first, and `Import-Clixml` skips it.
fn first_line(text: &str) -> usize {
    if text.starts_with("#< CLIXML") {
        text.find('\n').map_or(text.len(), |end| end + 1)
    } else {
        0
    }
}
