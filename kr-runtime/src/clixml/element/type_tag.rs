//! How a type asks for an element of its own: a newtype with one of these names around its text.
//!
//! Other formats see through a newtype and find the text.

use super::kind::{Kind, type_tag};

/// The name by which a `Value` asks for whatever stands there.
pub(crate) const VALUE: &str = type_tag!("Value");

/// What the name of a newtype asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeTag {
    /// A primitive with this text.
    Leaf(Kind),
    /// Whatever stands there.
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
