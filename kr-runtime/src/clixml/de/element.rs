//! One element that is being read into a Rust type, and what all deserializers need of it.

use std::borrow::Cow;

use serde::de::Visitor;

use super::view::{Context, Shape, View};
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::number::{parse_float, parse_int};

/// One element of a document, ready to become a value.
#[derive(Clone, Copy)]
pub(crate) struct Element<'t, 'de> {
    pub(crate) context: &'t Context<'de>,
    pub(crate) node: u32,
    pub(crate) level: usize,
}

impl<'t, 'de> Element<'t, 'de> {
    pub(crate) fn root(context: &'t Context<'de>) -> Self {
        Element {
            context,
            node: 0,
            level: 0,
        }
    }

    /// An element one level deeper.
    #[inline]
    pub(crate) fn inner(self, node: u32) -> Result<Self, Error> {
        let level = self.level + 1;
        self.context.check_level(level, node)?;
        Ok(Element {
            node,
            level,
            ..self
        })
    }

    pub(crate) fn view(self) -> Result<View, Error> {
        self.context.view(self.node)
    }

    /// Sets the position of an error to that of this element, unless it has one.
    pub(crate) fn locate(self, error: Error) -> Error {
        // For the root, the position is that of its first object.
        let node = if self.node == 0 && self.context.tape.nodes.len() > 1 {
            1
        } else {
            self.node
        };
        self.context.tape.locate(error, node)
    }

    pub(crate) fn mismatch(self, view: View, expected: &str) -> Error {
        self.locate(Error::data(format!(
            "expected {expected}, found {}",
            self.context.describe(view)
        )))
    }

    /// The leaf of this element with its kind, or an error that says what was expected.
    pub(super) fn leaf(
        self,
        expected: &str,
        fits: impl Fn(Kind) -> bool,
    ) -> Result<(u32, Kind), Error> {
        let view = self.view()?;
        match view.shape {
            Shape::Leaf(leaf) if fits(self.context.tape.node(leaf).kind) => {
                Ok((leaf, self.context.tape.node(leaf).kind))
            }
            _ => Err(self.mismatch(view, expected)),
        }
    }

    /// The text of a leaf as a `str`, or an error if it has unpaired surrogates.
    pub(crate) fn str(self, leaf: u32) -> Result<Cow<'de, str>, Error> {
        match self.context.text(leaf) {
            Decoded::Str(text) => Ok(text),
            Decoded::Utf16(_) => Err(self.locate(Error::data(
                "the text has an unpaired surrogate, which a Rust string cannot hold; read it as a `Value`",
            ))),
        }
    }

    pub(super) fn visit_text<V: Visitor<'de>>(
        self,
        leaf: u32,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.str(leaf)? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
        .map_err(|error| self.locate(error))
    }

    /// An integer of any width that lies in the range of the Rust type.
    pub(super) fn integer<T: std::str::FromStr>(self, expected: &str) -> Result<T, Error> {
        let (leaf, _) = self.leaf(expected, Kind::is_integer)?;
        let text = self.str(leaf)?;
        parse_int(&text, true).map_err(|_| {
            let found = text.trim();
            self.locate(Error::data(format!(
                "expected {expected}, found {found}, which is out of range"
            )))
        })
    }

    pub(super) fn float<T: std::str::FromStr>(self, expected: &str) -> Result<T, Error> {
        let (leaf, _) = self.leaf(expected, Kind::is_number)?;
        let text = self.str(leaf)?;
        parse_float(&text).map_err(|_| {
            self.locate(Error::data(format!(
                "expected {expected}, found {}",
                text.trim()
            )))
        })
    }

    /// The name of a member.
    pub(super) fn member_name(self, member: u32) -> Decoded<'de> {
        let tape = &self.context.tape;
        tape.name(tape.node(member))
    }
}
