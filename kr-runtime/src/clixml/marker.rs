//! How a type asks for an element of its own: a newtype with one of these names around its text.
//!
//! Other formats see through a newtype and find the text.

use serde::de::Visitor;

use super::Error;
use super::de::{Element, Lexical};
use super::primitive;
use super::tape::Kind;
use super::view::Shape;

const PREFIX: &str = "kr_runtime::clixml::";

pub(crate) const DATE_TIME: &str = "kr_runtime::clixml::DT";

/// What a newtype's name asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// A primitive with this text.
    Leaf(Kind),
}

/// The marker with this name, if it is one.
pub(super) fn of(name: &str) -> Option<Marker> {
    let kind = Kind::of(name.strip_prefix(PREFIX)?.as_bytes())?;
    kind.is_primitive().then_some(Marker::Leaf(kind))
}

impl Marker {
    pub(super) fn read<'de, V: Visitor<'de>>(
        self,
        element: Element<'_, 'de>,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let Marker::Leaf(kind) = self;
        let view = element.view()?;
        match view.shape {
            // PowerShell converts text to whatever is asked for, so that a text may stand in for the element.
            Shape::Leaf(leaf)
                if matches!(element.context.tape.node(leaf).kind, Kind::String)
                    || element.context.tape.node(leaf).kind == kind =>
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
