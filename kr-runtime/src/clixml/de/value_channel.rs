//! Passes a [`Value`] to its visitor around serde, whose data model cannot represent it.
//!
//! A visitor cannot learn which deserializer calls it. So the deserializer stores the value here and calls the visitor,
//! and the visitor checks whether a value is here. No other code runs in between that could take it.

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

/// Clears the channel, also after a panic: the next value must not find old content.
struct ClearOnDrop;

impl Drop for ClearOnDrop {
    fn drop(&mut self) {
        READ.take();
    }
}

/// Builds the value of an element and passes it to the visitor.
pub(crate) fn read<'de, V: Visitor<'de>>(
    element: Element<'_, 'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    let value = Builder::new(element.context).value(element.node, element.level)?;
    let _clear = ClearOnDrop;
    READ.set(Some(value));
    visitor.visit_newtype_struct(TextDeserializer("".into()))
}

/// Takes the value out of the channel.
pub(crate) fn take() -> Option<Value> {
    READ.take()
}
