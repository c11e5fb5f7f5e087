//! Types that ask for an element of their own, by the name of their newtype.

use serde::de::Visitor;

use super::element::Element;
use super::marked::AnyText;
use super::text::TextDeserializer;
use super::value_channel;
use super::view::Shape;
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::element::type_tag::TypeTag;
use crate::clixml::lexical::decode::Decoded;

/// Reads the element that the tag asks for.
pub(super) fn read<'de, V: Visitor<'de>>(
    tag: TypeTag,
    element: Element<'_, 'de>,
    visitor: V,
) -> Result<V::Value, Error> {
    let kind = match tag {
        TypeTag::Leaf(kind) => kind,
        TypeTag::Value => return value_channel::read(element, visitor),
    };
    let view = element.view()?;
    match view.shape {
        // The type `Text` holds any text.
        Shape::Leaf(leaf)
            if kind == Kind::String && element.context.tape.node(leaf).kind.is_textual() =>
        {
            match element.context.text(leaf) {
                text @ Decoded::Utf16(_) => visitor.visit_newtype_struct(AnyText(text)),
                Decoded::Str(_) => visitor.visit_newtype_struct(element),
            }
        }
        Shape::Leaf(leaf) if is_accepted(kind, element.context.tape.node(leaf).kind) => {
            let text = element.str(leaf)?;
            if kind.check(&text).is_err() {
                return Err(element.mismatch(view, kind.content()));
            }
            visitor.visit_newtype_struct(TextDeserializer(text))
        }
        // What stands in place of a secret may be the secret.
        Shape::Leaf(_) if kind.is_secret() => Err(element.locate(Error::data(format!(
            "expected {}, found another element than `<{}>`",
            kind.content(),
            kind.tag()
        )))),
        _ => Err(element.mismatch(view, kind.content())),
    }
}

/// Whether an element is read in place of the one that is wanted. PowerShell converts text to any type, and any number
/// to a decimal one.
fn is_accepted(wanted: Kind, found: Kind) -> bool {
    match found {
        _ if found == wanted => true,
        Kind::String => !wanted.is_secret(),
        _ => wanted == Kind::Decimal && found.is_number(),
    }
}
