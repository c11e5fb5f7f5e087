use std::marker::PhantomData;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clixml::base::error::Result;
use crate::clixml::base::options::{ReadOptions, WriteOptions};
use crate::clixml::de::deserializer::Element;
use crate::clixml::de::value_builder::Builder;
use crate::clixml::de::view::Context;
use crate::clixml::lexical::encoding;
use crate::clixml::parse::events;
use crate::clixml::ser::serializer;
use crate::clixml::value::dynamic::Value;
use crate::clixml::write::value_writer::Links;
use crate::clixml::write::writer::{Name, Writer};

/// A whole document: the objects that stand side by side in it.
///
/// References may lead from one object to another, which is why the objects of a document stay together.
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
    /// If it is no document that PowerShell would read, or if it is past a bound.
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
    type Err = crate::clixml::base::error::Error;

    fn from_str(document: &str) -> Result<Self> {
        ReadOptions::new().document(document)
    }
}

impl ReadOptions {
    /// Reads a whole document with these bounds.
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
    /// If it is no document that PowerShell would read, or if it is past a bound.
    pub fn document(&self, document: &str) -> Result<Document> {
        let read = || {
            let context = Context::new(events::read(document, self)?, self);
            let objects = Builder::new(&context).items(0, 0)?;
            Ok(Document { objects })
        };
        read().map_err(|error: crate::clixml::base::error::Error| error.locate(document))
    }

    /// Reads a whole document from the bytes of a file with these bounds.
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
    /// If it is no document that PowerShell would read, or if it is past a bound.
    pub fn document_from_slice(&self, document: &[u8]) -> Result<Document> {
        encoding::decode(document, self.max_bytes)?.read(|text| self.document(text))
    }

    /// Reads the objects of a document one after the other into a type.
    ///
    /// The document is checked as a whole before the first object is read.
    ///
    /// ```
    /// use kr_runtime::clixml::{ReadOptions, WriteOptions};
    ///
    /// let text = WriteOptions::new().objects_to_string([1, 2, 3])?;
    /// let numbers: Result<Vec<i32>, _> = ReadOptions::new().objects(&text)?.collect();
    /// assert_eq!(numbers?, [1, 2, 3]);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it is no document that PowerShell would read, or if it is past a bound. An object that does not fit the
    /// type is an error of the iterator, and the next one is read all the same.
    pub fn objects<'de, T: DeserializeOwned>(&self, document: &'de str) -> Result<Objects<'de, T>> {
        let tape = events::read(document, self).map_err(|error| error.locate(document))?;
        Ok(Objects {
            context: Context::new(tape, self),
            next: 1,
            index: 0,
            of: PhantomData,
        })
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
        let mut links = Links::default();
        for (index, value) in document.objects.iter().enumerate() {
            links
                .write(&mut writer, Name::None, value)
                .map_err(|error| error.in_item(index))?;
        }
        Ok(writer.finish())
    }

    /// Writes several values side by side into one document, as a pipeline into `Export-Clixml` does.
    ///
    /// ```
    /// let document = kr_runtime::clixml::WriteOptions::new().objects_to_string(["a", "b"])?;
    /// assert!(document.contains("<S>a</S>\n  <S>b</S>"));
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a value does not fit the format, see [`to_string`](crate::clixml::to_string).
    pub fn objects_to_string<T: Serialize>(
        &self,
        objects: impl IntoIterator<Item = T>,
    ) -> Result<String> {
        let mut writer = Writer::new(self);
        for (index, value) in objects.into_iter().enumerate() {
            let slot = serializer::Slot {
                writer: &mut writer,
                name: Name::None,
            };
            value
                .serialize(slot)
                .map_err(|error| error.in_item(index))?;
        }
        Ok(writer.finish())
    }
}

/// The objects of a document, read one after the other; see [`ReadOptions::objects`].
///
/// ```
/// use kr_runtime::clixml::{Objects, ReadOptions};
///
/// let text = kr_runtime::clixml::to_string(&5)?;
/// let mut objects: Objects<'_, i32> = ReadOptions::new().objects(&text)?;
/// assert_eq!(objects.next().unwrap()?, 5);
/// assert!(objects.next().is_none());
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
pub struct Objects<'de, T> {
    context: Context<'de>,
    next: u32,
    index: usize,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Iterator for Objects<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let tape = &self.context.tape;
        let node = tape.nodes.get(self.next as usize)?;
        let element = Element {
            context: &self.context,
            node: self.next,
            level: 1,
        };
        self.next = node.next;
        let index = self.index;
        self.index += 1;
        let value = T::deserialize(element).map_err(|error| element.place(error));
        Some(value.map_err(|error| error.in_item(index).locate(tape.source)))
    }
}

impl<T> std::fmt::Debug for Objects<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects")
            .field("read", &self.index)
            .finish_non_exhaustive()
    }
}
