#![doc = include_str!("../../docs/clixml.md")]

// CLIXML knows nothing of the rest of the crate; only snapshots use it. Its rooms, bottom to top; each may use those
// above it in this list, and never one below:
//
// 1. base      errors, options, the constants of the format
// 2. lexical   XML's grammar, escapes, the text forms of primitives
// 3. element   the table of elements
// 4. value     the dynamic value and the .NET types that Rust lacks
// 5. parse     from text to a checked tape of elements
// 6. write     from elements and values to text
// 7. ser       from Rust types to text, on top of `write`
// 8. de        from a tape to Rust types and values, on top of `parse`
// 9. interop   a value in other formats
// 10. with     modules for `#[serde(with = …)]`
// 11. document the functions and types that users call
//
// Reading is `parse` and `de`; writing is `write` and `ser`.

mod base;
mod de;
mod document;
mod element;
mod interop;
mod lexical;
mod parse;
mod ser;
pub(crate) mod value;
mod with;
mod write;

use std::io;

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};

pub use base::error::{Category, Error, Result};
pub use base::options::{Newline, ReadOptions, WriteOptions};
pub use document::objects::Objects;
pub use document::tree::Tree;
pub use document::whole::Document;
pub use value::date_time::{DateTime, DateTimeKind};
pub use value::decimal::Decimal;
pub use value::dynamic::{Content, ListKind, Object, ObjectId, Value};
pub use value::guid::Guid;
pub use value::progress::Progress;
pub use value::secure_string::SecureString;
pub use value::streamed::Streamed;
pub use value::text::Text;
pub use value::type_names::TypeNames;
pub use value::version::Version;
pub use with::bytes;
pub use with::scalar::{decimal, guid, utf16_unit, version};
pub use with::text::{script_block, uri, xml_document};
pub use with::time::{datetime, duration};

/// Writes a value as the text of a document, as `Export-Clixml` writes it on Linux.
///
/// ```
/// let document = kr_runtime::clixml::to_string(&5)?;
/// assert_eq!(
///     document,
///     "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n  <I32>5</I32>\n</Objs>"
/// );
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
///
/// # Errors
///
/// If the value does not fit the format: an `i128`, a key that is null, more than 49 levels of nesting.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    WriteOptions::new().to_string(value)
}

/// Writes a value as a document in UTF-8.
///
/// ```
/// let document = kr_runtime::clixml::to_vec(&"hello")?;
/// assert!(document.ends_with(b"<S>hello</S>\n</Objs>"));
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
///
/// # Errors
///
/// If the value does not fit the format, see [`to_string`].
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    WriteOptions::new().to_vec(value)
}

/// Writes a value as a document in UTF-8 to `writer`. If the value does not fit the format, nothing is written.
///
/// ```
/// let mut file = Vec::new();
/// kr_runtime::clixml::to_writer(&mut file, &true)?;
/// assert!(file.ends_with(b"<B>true</B>\n</Objs>"));
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
///
/// # Errors
///
/// If the value does not fit the format, see [`to_string`], or if `writer` fails.
pub fn to_writer<W: io::Write, T: Serialize + ?Sized>(writer: W, value: &T) -> Result<()> {
    WriteOptions::new().to_writer(writer, value)
}

/// Reads a value from the text of a document.
///
/// As in PowerShell, a document of several objects is read as a list, and an empty one as null.
///
/// ```
/// let document = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
///   <S>hello</S>
/// </Objs>"#;
/// let greeting: &str = kr_runtime::clixml::from_str(document)?;
/// assert_eq!(greeting, "hello");
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
///
/// # Errors
///
/// If PowerShell would refuse the document, if it does not fit the type, or if it exceeds a limit of [`ReadOptions`].
pub fn from_str<'de, T: Deserialize<'de>>(document: &'de str) -> Result<T> {
    ReadOptions::new().from_str(document)
}

/// Reads a value from the bytes of a file: UTF-8, or UTF-16 or UTF-32 with a byte order mark.
///
/// As in `Import-Clixml`, the encoding in the XML declaration is ignored, and a first line `#< CLIXML` is skipped.
///
/// ```
/// let file = kr_runtime::clixml::to_vec(&vec![1, 2, 3])?;
/// let numbers: Vec<i32> = kr_runtime::clixml::from_slice(&file)?;
/// assert_eq!(numbers, [1, 2, 3]);
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
///
/// # Errors
///
/// See [`from_str`].
pub fn from_slice<T: DeserializeOwned>(document: &[u8]) -> Result<T> {
    ReadOptions::new().from_slice(document)
}

/// Reads a value from a file or another source of bytes, see [`from_slice`].
///
/// ```
/// let file = kr_runtime::clixml::to_vec(&"hello")?;
/// let greeting: String = kr_runtime::clixml::from_reader(&file[..])?;
/// assert_eq!(greeting, "hello");
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
///
/// # Errors
///
/// See [`from_str`]; and if `reader` fails.
pub fn from_reader<R: io::Read, T: DeserializeOwned>(reader: R) -> Result<T> {
    ReadOptions::new().from_reader(reader)
}

/// Converts any value to a [`Value`], through the text of its document.
///
/// ```
/// use kr_runtime::clixml::{self, Value};
///
/// let value = clixml::to_value(&vec![1, 2])?;
/// assert_eq!(value.items(), Some(&[Value::I32(1), Value::I32(2)][..]));
/// # Ok::<(), clixml::Error>(())
/// ```
///
/// # Errors
///
/// If the value does not fit the format, see [`to_string`].
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value> {
    from_str(&to_string(value)?)
}

/// Converts a [`Value`] to any type, through the text of its document. Errors have positions in that text.
///
/// ```
/// use kr_runtime::clixml::{self, Object, Value};
///
/// let value = Value::from(Object::list([1.into(), 2.into()]));
/// assert_eq!(clixml::from_value::<Vec<i32>>(&value)?, [1, 2]);
/// # Ok::<(), clixml::Error>(())
/// ```
///
/// # Errors
///
/// If the value does not fit the type, or could not be written, see [`from_str`].
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T> {
    from_str(&to_string(value)?)
}
