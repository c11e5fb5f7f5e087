//! The reason why a text is invalid.

/// Why a text is not a valid form of a primitive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InvalidText {
    /// The text does not have the form.
    Syntax,
    /// The text has the form, but .NET's type cannot hold the value.
    OutOfRange,
}
