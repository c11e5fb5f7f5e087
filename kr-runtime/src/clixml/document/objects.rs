//! The objects of a document, one after the other, each as a value of a Rust type.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clixml::base::error::Result;
use crate::clixml::base::options::{ReadOptions, WriteOptions};
use crate::clixml::de::element::Element;
use crate::clixml::de::reading::{self, SharedIndex};
use crate::clixml::de::view::Context;
use crate::clixml::parse::events;
use crate::clixml::ser::parked::Parking;
use crate::clixml::ser::slot::Slot;
use crate::clixml::write::name::Name;
use crate::clixml::write::writer::Writer;

impl ReadOptions {
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
    /// If PowerShell would refuse the document, or if it exceeds a limit. If an object does not fit the
    /// type, the iterator returns an error for it and goes on with the next one.
    pub fn objects<'de, T: DeserializeOwned>(&self, document: &'de str) -> Result<Objects<'de, T>> {
        let tape = events::read(document, self).map_err(|error| error.locate(document))?;
        Ok(Objects {
            context: Context::new(tape, self),
            options: self.clone(),
            values: None,
            next: 1,
            index: 0,
            of: PhantomData,
        })
    }
}

impl WriteOptions {
    /// Writes several values into one document, as a pipeline into `Export-Clixml` does.
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
        let _parking = Parking::new();
        let mut writer = Writer::new(self);
        for (index, value) in objects.into_iter().enumerate() {
            let slot = Slot {
                writer: &mut writer,
                name: Name::None,
            };
            value
                .serialize(slot)
                .map_err(|error| error.in_item(index))?;
        }
        writer.finish()
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
    options: ReadOptions,
    values: SharedIndex,
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
        let value = reading::attempt(&self.context, &self.options, &mut self.values, || {
            T::deserialize(element).map_err(|error| element.locate(error))
        });
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
