//! Lists, dictionaries and objects while they are being written.

use std::collections::HashSet;

use serde::ser::{self, Serialize};

use super::slot::{Slot, close_variant};
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::ignore_case::same_name;
use crate::clixml::write::name::Name;
use crate::clixml::write::writer::Writer;

/// A list, dictionary or object that is being written.
pub(crate) struct Compound<'w> {
    writer: &'w mut Writer,
    kind: Kind,
    opened: bool,
    index: usize,
    /// Whether it is the content of an enum variant.
    variant: bool,
    /// The number of names that the writer holds for the objects around this one.
    outer_names: usize,
    /// A bit for each name so far. Most names are new by it alone.
    name_bits: u64,
    /// The keys of a map so far, if one may come twice.
    keys: Option<HashSet<String>>,
}

impl<'w> Compound<'w> {
    pub(crate) fn new(writer: &'w mut Writer, kind: Kind) -> Self {
        Compound {
            outer_names: writer.names.len(),
            name_bits: 0,
            writer,
            kind,
            opened: false,
            index: 0,
            variant: false,
            keys: None,
        }
    }

    /// The same, as a map whose keys may come twice: one of several parts, as serde's derive writes it.
    pub(crate) fn of_parts(mut self) -> Self {
        self.keys = Some(HashSet::new());
        self
    }

    /// The same, as the content of an enum variant.
    pub(crate) fn in_variant(mut self) -> Self {
        self.variant = true;
        self
    }

    #[inline]
    fn open(&mut self) {
        if !self.opened {
            self.writer.open(self.kind);
            self.opened = true;
        }
    }

    fn finish(self) -> Result<(), Error> {
        if self.opened {
            self.writer.close(self.kind);
        } else if self.kind != Kind::Members {
            // An object without members has no `MS` at all.
            self.writer.empty_element(self.kind);
        }
        self.writer.close(Kind::Obj);
        self.writer.leave();
        self.writer.names.truncate(self.outer_names);
        if self.variant {
            close_variant(self.writer);
        }
        Ok(())
    }

    #[inline]
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.open();
        let index = self.index;
        self.index += 1;
        value
            .serialize(Slot {
                writer: self.writer,
                name: Name::None,
            })
            .map_err(|error| error.in_item(index))
    }

    fn member<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.open();
        if name.is_empty() {
            return Err(Error::data(
                "a member needs a name, and PowerShell takes no empty one",
            ));
        }
        let bit = name_bit(name);
        if self.name_bits & bit != 0
            && let Some(other) = self.writer.names[self.outer_names..]
                .iter()
                .find(|other| same_name(other, name))
        {
            let message = format!(
                "the members `{other}` and `{name}` are one member for PowerShell, which ignores case; rename one"
            );
            return Err(Error::data(message));
        }
        self.name_bits |= bit;
        self.writer.names.push(name);
        value
            .serialize(Slot {
                writer: self.writer,
                name: Name::Member(name),
            })
            .map_err(|error| error.in_member(name))
    }
}

impl ser::SerializeSeq for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeTuple for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeTupleStruct for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeTupleVariant for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.item(value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.open();
        self.writer.open(Kind::Entry);
        let start = self.writer.out.len();
        key.serialize(Slot {
            writer: self.writer,
            name: Name::Key,
        })?;
        let written = self.writer.out[start..].trim_start();
        if written.starts_with("<Nil") {
            return Err(Error::data("a dictionary's key cannot be null"));
        }
        if let Some(keys) = &mut self.keys
            && !keys.insert(written.to_owned())
        {
            let message = "two entries have the same key; a flattened or tagged type has a name of the type around it";
            return Err(Error::data(message));
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let index = self.index;
        self.index += 1;
        value
            .serialize(Slot {
                writer: self.writer,
                name: Name::Value,
            })
            .map_err(|error| error.in_item(index))?;
        self.writer.close(Kind::Entry);
        Ok(())
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeStruct for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.member(name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

impl ser::SerializeStructVariant for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.member(name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.finish()
    }
}

/// A bit that names with the same letters share. Those with other letters than ASCII share all bits.
#[inline]
fn name_bit(name: &str) -> u64 {
    if !name.is_ascii() {
        return u64::MAX;
    }
    let bytes = name.as_bytes();
    let letter = |at: usize| usize::from(bytes.get(at).map_or(0, u8::to_ascii_lowercase));
    1 << ((bytes.len() + 5 * letter(0) + 11 * letter(bytes.len() / 2)) % 64)
}
