//! Conversions to and from types of other crates, each behind a feature of its name.

#[cfg(feature = "rust_decimal")]
use super::decimal::Decimal;
#[cfg(any(feature = "uuid", feature = "rust_decimal", feature = "url"))]
use super::dynamic::Value;
#[cfg(feature = "uuid")]
use super::guid::Guid;
#[cfg(feature = "rust_decimal")]
use crate::clixml::base::error::{Error, Result};

#[cfg(feature = "uuid")]
impl From<uuid::Uuid> for Guid {
    fn from(uuid: uuid::Uuid) -> Self {
        Guid::from_u128(uuid.as_u128())
    }
}

#[cfg(feature = "uuid")]
impl From<Guid> for uuid::Uuid {
    fn from(guid: Guid) -> Self {
        uuid::Uuid::from_u128(guid.as_u128())
    }
}

#[cfg(feature = "uuid")]
impl From<uuid::Uuid> for Value {
    fn from(uuid: uuid::Uuid) -> Self {
        Value::Guid(uuid.into())
    }
}

#[cfg(feature = "rust_decimal")]
impl TryFrom<rust_decimal::Decimal> for Decimal {
    type Error = Error;

    fn try_from(decimal: rust_decimal::Decimal) -> Result<Self> {
        decimal.to_string().parse()
    }
}

#[cfg(feature = "rust_decimal")]
impl TryFrom<&Decimal> for rust_decimal::Decimal {
    type Error = rust_decimal::Error;

    fn try_from(decimal: &Decimal) -> std::result::Result<Self, Self::Error> {
        decimal.to_string().parse()
    }
}

#[cfg(feature = "url")]
impl From<url::Url> for Value {
    fn from(url: url::Url) -> Self {
        Value::Uri(String::from(url).into())
    }
}
