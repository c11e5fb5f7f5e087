//! A document of unknown shape.

use std::str::FromStr;

use crate::clixml::base::error::{Error, Result};
use crate::clixml::base::options::{ReadOptions, WriteOptions};
use crate::clixml::de::value_builder::Builder;
use crate::clixml::de::view::Context;
use crate::clixml::lexical::encoding;
use crate::clixml::parse::events;
use crate::clixml::value::dynamic::Value;
use crate::clixml::write::name::Name;
use crate::clixml::write::value_writer::ValueWriter;
use crate::clixml::write::writer::Writer;

/// A whole document: all its objects, in order.
///
/// References may lead from one object to another, so the objects of a document stay together.
///
/// ```
/// use kr_runtime::clixml::{Document, Value};
///
/// let text = r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
///   <I32>1</I32>
///   <I32>2</I32>
/// </Objs>"#;
/// let document: Document = text.parse()?;
/// assert_eq!(document.objects, [Value::I32(1), Value::I32(2)]);
/// assert_eq!(document.to_text()?, text);
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The objects, in order.
    pub objects: Vec<Value>,
}

impl Document {
    /// Reads a document from the bytes of a file, see [`from_slice`](crate::clixml::from_slice).
    ///
    /// ```
    /// let document = kr_runtime::clixml::Document::from_slice(&kr_runtime::clixml::to_vec(&5)?)?;
    /// assert_eq!(document.objects.len(), 1);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If PowerShell would refuse the document, or if it exceeds a limit.
    pub fn from_slice(document: &[u8]) -> Result<Self> {
        ReadOptions::new().document_from_slice(document)
    }

    /// Writes the document as PowerShell writes it on Linux.
    ///
    /// ```
    /// use kr_runtime::clixml::Document;
    ///
    /// let empty = Document::default().to_text()?;
    /// assert_eq!(empty, r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04" />"#);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a value does not fit the format: a reference to nothing, a member without a name, more than 49 levels.
    pub fn to_text(&self) -> Result<String> {
        WriteOptions::new().document_to_text(self)
    }
}

impl FromStr for Document {
    type Err = Error;

    fn from_str(document: &str) -> Result<Self> {
        ReadOptions::new().document(document)
    }
}

impl ReadOptions {
    /// Reads a whole document with these limits.
    ///
    /// ```
    /// let text = kr_runtime::clixml::to_string(&5)?;
    /// let document = kr_runtime::clixml::ReadOptions::new().max_bytes(1024).document(&text)?;
    /// assert_eq!(document.objects.len(), 1);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If PowerShell would refuse the document, or if it exceeds a limit.
    pub fn document(&self, document: &str) -> Result<Document> {
        let read = || {
            let context = Context::new(events::read(document, self)?, self);
            let objects = Builder::new(&context).items(0, 0)?;
            Ok(Document { objects })
        };
        read().map_err(|error: Error| error.locate(document))
    }

    /// Reads a whole document from the bytes of a file with these limits.
    ///
    /// ```
    /// let file = kr_runtime::clixml::to_vec(&5)?;
    /// let document = kr_runtime::clixml::ReadOptions::new().document_from_slice(&file)?;
    /// assert_eq!(document.objects.len(), 1);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If PowerShell would refuse the document, or if it exceeds a limit.
    pub fn document_from_slice(&self, document: &[u8]) -> Result<Document> {
        encoding::decode(document, self.max_bytes)?.read(|text| self.document(text))
    }
}

impl WriteOptions {
    /// Writes a whole document, see [`Document::to_text`].
    ///
    /// ```
    /// use kr_runtime::clixml::{Document, WriteOptions};
    ///
    /// let document = Document { objects: vec![5.into()] };
    /// assert!(WriteOptions::new().document_to_text(&document)?.contains("<I32>5</I32>"));
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Document::to_text`].
    pub fn document_to_text(&self, document: &Document) -> Result<String> {
        let mut writer = Writer::new(self);
        let mut values = ValueWriter::default();
        for (index, value) in document.objects.iter().enumerate() {
            values
                .write(&mut writer, Name::None, value)
                .map_err(|error| error.in_item(index))?;
        }
        writer.finish()
    }
}
