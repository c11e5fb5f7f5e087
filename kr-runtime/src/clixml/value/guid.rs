//! `System.Guid`.

use super::text_type::{text_display, text_type};
use crate::clixml::lexical::guid;

/// `System.Guid`.
///
/// With the feature `uuid` it converts to and from `uuid::Uuid`.
///
/// ```
/// use kr_runtime::clixml::Guid;
///
/// let id: Guid = "{6B29FC40-CA47-1067-B31D-00DD010662DA}".parse()?;
/// assert_eq!(id.to_string(), "6b29fc40-ca47-1067-b31d-00dd010662da");
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guid(u128);

impl Guid {
    /// The GUID whose digits are these 128 bits, from left to right.
    ///
    /// ```
    /// use kr_runtime::clixml::Guid;
    ///
    /// assert_eq!(Guid::from_u128(1).to_string(), "00000000-0000-0000-0000-000000000001");
    /// ```
    #[must_use]
    pub const fn from_u128(bits: u128) -> Self {
        Guid(bits)
    }

    /// Its digits as 128 bits, from left to right.
    ///
    /// ```
    /// assert_eq!(kr_runtime::clixml::Guid::from_u128(1).as_u128(), 1);
    /// ```
    #[must_use]
    pub const fn as_u128(self) -> u128 {
        self.0
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        guid::parse(text).ok().map(Guid)
    }

    fn text(self) -> String {
        let digits = format!("{:032x}", self.0);
        let parts = [
            &digits[..8],
            &digits[8..12],
            &digits[12..16],
            &digits[16..20],
            &digits[20..],
        ];
        parts.join("-")
    }
}

text_display!(Guid);
text_type!(Guid, Guid);
