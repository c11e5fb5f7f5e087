//! How a type asks for an element of its own: a newtype with one of these names around its text.
//!
//! Other formats see through a newtype and find the text.

use serde::de::Visitor;

use super::primitive;
use crate::clixml::base::error::Error;
use crate::clixml::de::deserializer::Element;
use crate::clixml::de::sequence::Lexical;
use crate::clixml::de::view::Shape;
use crate::clixml::parse::tape::Kind;
use crate::clixml::ser::value_channel;

macro_rules! prefix {
    ($tag:literal) => {
        concat!("kr_runtime::clixml::", $tag)
    };
}

pub(crate) const DATE_TIME: &str = prefix!("DT");
pub(crate) const VALUE: &str = prefix!("Value");

/// What a newtype's name asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    /// A primitive with this text.
    Leaf(Kind),
    /// Whatever stands there.
    Value,
}

/// The marker with this name, if it is one.
pub(crate) fn of(name: &str) -> Option<Marker> {
    let tag = name.strip_prefix(prefix!(""))?;
    if tag == "Value" {
        return Some(Marker::Value);
    }
    let kind = Kind::of(tag.as_bytes())?;
    kind.is_primitive().then_some(Marker::Leaf(kind))
}

/// The name that asks for a primitive.
pub(crate) const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Char => prefix!("C"),
        Kind::Decimal => prefix!("D"),
        Kind::DateTime => DATE_TIME,
        Kind::Duration => prefix!("TS"),
        Kind::Guid => prefix!("G"),
        Kind::Uri => prefix!("URI"),
        Kind::Version => prefix!("Version"),
        Kind::XmlDocument => prefix!("XD"),
        Kind::ScriptBlock => prefix!("SBK"),
        Kind::SecureString => prefix!("SS"),
        // All others have types of serde's own.
        _ => prefix!("S"),
    }
}

impl Marker {
    pub(crate) fn read<'de, V: Visitor<'de>>(
        self,
        element: Element<'_, 'de>,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let kind = match self {
            Marker::Leaf(kind) => kind,
            Marker::Value => return value_channel::read(element, visitor),
        };
        let view = element.view()?;
        match view.shape {
            // PowerShell converts text to whatever is asked for, so that a text may stand in for the element.
            Shape::Leaf(leaf)
                if kind == element.context.tape.node(leaf).kind
                    || (element.context.tape.node(leaf).kind == Kind::String
                        && kind != Kind::SecureString) =>
            {
                let text = element.str(leaf)?;
                if primitive::check(kind, &text).is_err() {
                    return Err(element.mismatch(view, primitive::describe(kind)));
                }
                visitor.visit_newtype_struct(Lexical(text))
            }
            _ => Err(element.mismatch(view, primitive::describe(kind))),
        }
    }
}
