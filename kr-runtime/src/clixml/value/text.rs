//! .NET's `String`.

use std::borrow::Cow;
use std::fmt;

use crate::clixml::lexical::decode::Decoded;

/// A .NET string: UTF-16 that may have unpaired surrogates, which a Rust string cannot hold.
///
/// Nearly every text is a valid Rust string; [`as_str`](Self::as_str) returns it.
///
/// ```
/// use kr_runtime::clixml::Text;
///
/// let note = Text::from("remember helmet");
/// assert_eq!(note.as_str(), Some("remember helmet"));
///
/// let half = Text::from_utf16(&[0x61, 0xD83D]);
/// assert_eq!(half.as_str(), None);
/// assert_eq!(half.to_string_lossy(), "a\u{FFFD}");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Repr);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    Str(Box<str>),
    /// Never valid UTF-16, so equal texts have equal forms.
    Utf16(Box<[u16]>),
}

impl Text {
    /// The text with these UTF-16 units.
    ///
    /// ```
    /// use kr_runtime::clixml::Text;
    ///
    /// assert_eq!(Text::from_utf16(&[0x61]), Text::from("a"));
    /// ```
    #[must_use]
    pub fn from_utf16(units: &[u16]) -> Self {
        match String::from_utf16(units) {
            Ok(text) => text.into(),
            Err(_) => Text(Repr::Utf16(units.into())),
        }
    }

    /// The text as a Rust string, if it is one.
    ///
    /// ```
    /// assert_eq!(kr_runtime::clixml::Text::from("a").as_str(), Some("a"));
    /// ```
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Repr::Str(text) => Some(text),
            Repr::Utf16(_) => None,
        }
    }

    /// The text with U+FFFD in place of each unpaired surrogate.
    ///
    /// ```
    /// assert_eq!(kr_runtime::clixml::Text::from("a").to_string_lossy(), "a");
    /// ```
    #[must_use]
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Str(text) => Cow::Borrowed(text),
            Repr::Utf16(units) => Cow::Owned(String::from_utf16_lossy(units)),
        }
    }

    /// The UTF-16 units of the text.
    ///
    /// ```
    /// assert_eq!(kr_runtime::clixml::Text::from("ü").to_utf16(), [0xFC]);
    /// ```
    #[must_use]
    pub fn to_utf16(&self) -> Vec<u16> {
        match &self.0 {
            Repr::Str(text) => text.encode_utf16().collect(),
            Repr::Utf16(units) => units.to_vec(),
        }
    }

    pub(crate) fn unpaired_utf16(&self) -> Option<&[u16]> {
        match &self.0 {
            Repr::Str(_) => None,
            Repr::Utf16(units) => Some(units),
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text(Repr::Str(text.into()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(Repr::Str(text.into()))
    }
}

impl From<Decoded<'_>> for Text {
    fn from(text: Decoded<'_>) -> Self {
        match text {
            Decoded::Str(text) => text.into_owned().into(),
            Decoded::Utf16(units) => Text(Repr::Utf16(units.into())),
        }
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(*other)
    }
}

impl Default for Text {
    fn default() -> Self {
        "".into()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_string_lossy())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Str(text) => fmt::Debug::fmt(text, f),
            Repr::Utf16(units) => write!(f, "utf16{units:04X?}"),
        }
    }
}
