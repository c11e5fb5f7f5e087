//! `System.Decimal`.

use super::text_type::{text_display, text_type};
use crate::clixml::lexical::number::canonical_decimal;

/// `System.Decimal`: up to 28 digits with their scale, so that `1.10` stays `1.10`.
///
/// With the feature `rust_decimal` it converts to and from `rust_decimal::Decimal`.
///
/// ```
/// use kr_runtime::clixml::Decimal;
///
/// let price: Decimal = "1.10".parse()?;
/// assert_eq!(price.to_string(), "1.10");
/// assert!("1e5".parse::<Decimal>().is_err());
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Box<str>);

impl Decimal {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        canonical_decimal(text)
            .ok()
            .map(|text| Decimal(text.into()))
    }

    fn text(&self) -> &str {
        &self.0
    }
}

text_display!(Decimal);
text_type!(Decimal, Decimal);
