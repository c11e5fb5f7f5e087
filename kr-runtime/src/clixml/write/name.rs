//! The `N` attribute of an element.

use crate::clixml::value::text::Text;

/// The `N` attribute of an element, if it has one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Name<'a> {
    None,
    /// The stream of an object of the document, its `S` attribute instead.
    Stream(&'a str),
    Member(&'a str),
    /// A member of a value, whose name may have unpaired surrogates.
    Text(&'a Text),
    Key,
    Value,
}
