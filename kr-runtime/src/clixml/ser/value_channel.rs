//! Passes a [`Value`] to the serializer around serde, whose data model cannot represent it.
//!
//! A `Serialize` type cannot learn which serializer it writes to. So the serializer stores its writer here and calls
//! the value, and the value checks whether a writer is here. No other code runs in between that could take it.

use std::cell::RefCell;

use serde::ser::Serialize;

use super::parked::{self, Number};
use crate::clixml::base::error::Error;
use crate::clixml::value::dynamic::Value;
use crate::clixml::write::name::Name;
use crate::clixml::write::value_writer::ValueWriter;
use crate::clixml::write::writer::Writer;

thread_local! {
    static WRITE: RefCell<Option<Transfer>> = const { RefCell::new(None) };
}

/// The writer for a value, and then the result.
struct Transfer {
    writer: Writer,
    member: Option<String>,
    role: Name<'static>,
    result: Option<Result<(), Error>>,
}

/// Clears the channel, also after a panic: the next value must not find old content.
struct ClearOnDrop;

impl Drop for ClearOnDrop {
    fn drop(&mut self) {
        WRITE.take();
    }
}

/// Writes a `Value` that asked for this by its type tag.
pub(crate) fn write<T: Serialize + ?Sized>(
    writer: &mut Writer,
    name: Name<'_>,
    value: &T,
) -> Result<(), Error> {
    let (member, role) = match name {
        Name::Member(name) => (Some(name.to_owned()), Name::None),
        Name::Key => (None, Name::Key),
        Name::Value => (None, Name::Value),
        Name::None | Name::Text(_) | Name::Stream(_) => (None, Name::None),
    };
    let _clear = ClearOnDrop;
    WRITE.set(Some(Transfer {
        writer: std::mem::take(writer),
        member,
        role,
        result: None,
    }));
    // A `Value` writes itself and gives no number. A buffer of serde gives the number of a value that was parked.
    let number = value.serialize(Number);
    let Some(transfer) = WRITE.take() else {
        return Err(Error::data("the writer of a value is gone"));
    };
    *writer = transfer.writer;
    match (transfer.result, number) {
        (Some(result), _) => result,
        (None, Ok(number)) if let Some(value) = parked::take(number) => {
            ValueWriter::default().write(writer, name, &value)
        }
        (None, _) => Err(Error::data("this name is taken by the values of CLIXML")),
    }
}

/// Writes `value` if a writer is in the channel.
pub(crate) fn write_if_requested(value: &Value) -> bool {
    let Some(mut transfer) = WRITE.take() else {
        return false;
    };
    let name = transfer
        .member
        .as_deref()
        .map_or(transfer.role, Name::Member);
    transfer.result = Some(ValueWriter::default().write(&mut transfer.writer, name, value));
    WRITE.set(Some(transfer));
    true
}
