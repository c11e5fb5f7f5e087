//! Values that serde sees as text, tagged with the element to write.

use std::fmt;

use serde::de::{Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::clixml::element::kind::Kind;
use crate::clixml::value::text_type;

/// A text for the element of its kind.
pub(crate) struct Tagged(pub(crate) Kind, pub(crate) String);

impl Serialize for Tagged {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(self.0.type_tag(), &self.1)
    }
}

/// Reads that text back, or null.
pub(crate) struct OptionalText(pub(crate) Kind);

impl<'de> Visitor<'de> for OptionalText {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} or null", self.0.content())
    }

    fn visit_none<E>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        text_type::read(deserializer, self.0).map(Some)
    }
}
