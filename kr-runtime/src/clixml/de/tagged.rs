//! Types that ask for an element of their own, by the name of their newtype.

use serde::de::Visitor;

use super::element::Element;
use super::text::TextDeserializer;
use super::value_channel;
use super::view::Shape;
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::element::type_tag::TypeTag;

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
        // PowerShell converts text to the type in question, so a text is accepted in place of the element.
        Shape::Leaf(leaf)
            if kind == element.context.tape.node(leaf).kind
                || (element.context.tape.node(leaf).kind == Kind::String
                    && kind != Kind::SecureString) =>
        {
            let text = element.str(leaf)?;
            if kind.check(&text).is_err() {
                return Err(element.mismatch(view, kind.content()));
            }
            visitor.visit_newtype_struct(TextDeserializer(text))
        }
        _ => Err(element.mismatch(view, kind.content())),
    }
}
