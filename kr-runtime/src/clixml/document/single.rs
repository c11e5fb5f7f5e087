//! One value of a Rust type as a document.

use std::io::{self, Read as _};

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};

use crate::clixml::base::error::Result;
use crate::clixml::base::options::{ReadOptions, WriteOptions};
use crate::clixml::de::element::Element;
use crate::clixml::de::reading;
use crate::clixml::de::view::Context;
use crate::clixml::lexical::encoding;
use crate::clixml::parse::events;
use crate::clixml::ser::parked::Parking;
use crate::clixml::ser::slot::Slot;
use crate::clixml::write::name::Name;
use crate::clixml::write::writer::Writer;

impl WriteOptions {
    /// Writes a value with these options, see [`to_string`](crate::clixml::to_string).
    ///
    /// ```
    /// let document = kr_runtime::clixml::WriteOptions::new().to_string(&5)?;
    /// # assert!(document.contains("5"));
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`to_string`](crate::clixml::to_string).
    pub fn to_string<T: Serialize + ?Sized>(&self, value: &T) -> Result<String> {
        let _parking = Parking::new();
        let mut writer = Writer::new(self);
        value.serialize(Slot {
            writer: &mut writer,
            name: Name::None,
        })?;
        writer.finish()
    }

    /// Writes a value with these options, see [`to_vec`](crate::clixml::to_vec).
    ///
    /// ```
    /// let document = kr_runtime::clixml::WriteOptions::new().to_vec(&5)?;
    /// # assert!(!document.is_empty());
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`to_vec`](crate::clixml::to_vec).
    pub fn to_vec<T: Serialize + ?Sized>(&self, value: &T) -> Result<Vec<u8>> {
        self.to_string(value).map(String::into_bytes)
    }

    /// Writes a value with these options, see [`to_writer`](crate::clixml::to_writer).
    ///
    /// ```
    /// let mut file = Vec::new();
    /// kr_runtime::clixml::WriteOptions::new().to_writer(&mut file, &5)?;
    /// # assert!(!file.is_empty());
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`to_writer`](crate::clixml::to_writer).
    pub fn to_writer<W: io::Write, T: Serialize + ?Sized>(
        &self,
        mut writer: W,
        value: &T,
    ) -> Result<()> {
        let document = self.to_string(value)?;
        writer.write_all(document.as_bytes())?;
        Ok(())
    }
}

impl ReadOptions {
    /// Reads a value with these limits, see [`from_str`](crate::clixml::from_str).
    ///
    /// ```
    /// # let document = kr_runtime::clixml::to_string(&5)?;
    /// let five: i32 = kr_runtime::clixml::ReadOptions::new().from_str(&document)?;
    /// # assert_eq!(five, 5);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`from_str`](crate::clixml::from_str).
    pub fn from_str<'de, T: Deserialize<'de>>(&self, document: &'de str) -> Result<T> {
        let read = || {
            let context = Context::new(events::read(document, self)?, self);
            let root = Element::root(&context);
            reading::attempt(&context, self, &mut None, || {
                T::deserialize(root).map_err(|error| root.locate(error))
            })
        };
        read().map_err(|error| error.locate(document))
    }

    /// Reads a value with these limits, see [`from_slice`](crate::clixml::from_slice).
    ///
    /// ```
    /// # let file = kr_runtime::clixml::to_vec(&5)?;
    /// let five: i32 = kr_runtime::clixml::ReadOptions::new().from_slice(&file)?;
    /// # assert_eq!(five, 5);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`from_slice`](crate::clixml::from_slice).
    pub fn from_slice<T: DeserializeOwned>(&self, document: &[u8]) -> Result<T> {
        encoding::decode(document, self.max_bytes)?.read(|text| self.from_str(text))
    }

    /// Reads a value with these limits, see [`from_reader`](crate::clixml::from_reader).
    ///
    /// ```
    /// # let file = kr_runtime::clixml::to_vec(&5)?;
    /// let five: i32 = kr_runtime::clixml::ReadOptions::new().from_reader(&file[..])?;
    /// # assert_eq!(five, 5);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`from_reader`](crate::clixml::from_reader).
    pub fn from_reader<R: io::Read, T: DeserializeOwned>(&self, reader: R) -> Result<T> {
        let mut document = Vec::new();
        // One byte above the limit is enough to detect an excess.
        reader
            .take(self.max_bytes as u64 + 1)
            .read_to_end(&mut document)?;
        self.from_slice(&document)
    }
}
