//! How a [`Value`] gets through serde, whose data model has no place for it, on the way in.
//!
//! serde gives a visitor no way to learn which deserializer reads. Ours leaves the value here, calls the visitor, and
//! the visitor looks whether a value is there. Nothing else runs in between, so nothing else can find it.

use std::cell::RefCell;

use serde::de::Visitor;

use super::element::Element;
use super::text::TextDeserializer;
use super::value_builder::Builder;
use crate::clixml::base::error::Error;
use crate::clixml::value::dynamic::Value;

thread_local! {
    static READ: RefCell<Option<Value>> = const { RefCell::new(None) };
}

/// Takes away what nobody took, should a panic come in between: the next value must not find it.
struct ClearOnDrop;

impl Drop for ClearOnDrop {
    fn drop(&mut self) {
        READ.take();
    }
}

/// Builds the value of an element and calls the visitor, which finds it.
pub(crate) fn read<'de, V: Visitor<'de>>(
    element: Element<'_, 'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    let value = Builder::new(element.context).value(element.node, element.level)?;
    let _clear = ClearOnDrop;
    READ.set(Some(value));
    visitor.visit_newtype_struct(TextDeserializer("".into()))
}

/// The value that waits for its visitor.
pub(crate) fn take() -> Option<Value> {
    READ.take()
}
