//! The name of an element.

use crate::clixml::value::text::Text;

/// The name that an element carries, if any.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Name<'a> {
    None,
    Member(&'a str),
    /// A member of a value, whose name may hold half of a surrogate pair.
    Text(&'a Text),
    Key,
    Value,
}
