//! How a Rust type asks for an element of its own: its text in a newtype with one of these names.
//!
//! Other formats ignore the newtype and see the text.

use super::kind::{Kind, type_tag};

/// The name by which a `Value` asks for any element.
pub(crate) const VALUE: &str = type_tag!("Value");

/// The element that the name of a newtype asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeTag {
    /// A primitive with this text.
    Leaf(Kind),
    /// Any element, read into a `Value`.
    Value,
}

impl TypeTag {
    /// The tag with this name, if it is one.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let tag = name.strip_prefix(type_tag!(""))?;
        if tag == "Value" {
            return Some(TypeTag::Value);
        }
        let kind = Kind::of(tag.as_bytes())?;
        kind.is_primitive().then_some(TypeTag::Leaf(kind))
    }
}
