//! GUIDs, decimal numbers, versions and UTF-16 units.

use super::field_module::{canonical, displayed, field_module, parsed};
use crate::clixml::value::decimal::Decimal;
use crate::clixml::value::guid::Guid;
use crate::clixml::value::version::Version;

field_module! {
    /// A GUID as `<G>`: [`Guid`], `String`, and with the feature `uuid`, `uuid::Uuid`.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Cart {
    ///     #[serde(with = "clixml::guid")]
    ///     id: String,
    /// }
    ///
    /// let cart = Cart { id: "6B29FC40CA471067B31D00DD010662DA".into() };
    /// assert!(clixml::to_string(&cart)?.contains("<G N=\"id\">6b29fc40-ca47-1067-b31d-00dd010662da</G>"));
    /// # Ok::<(), clixml::Error>(())
    /// ```
    guid Guid {
        Guid => displayed, parsed;
        String => |value| canonical::<Guid>(value), canonical::<Guid>;
        #[cfg(feature = "uuid")]
        uuid::Uuid => displayed, |text| parsed::<Guid>(text).map(uuid::Uuid::from);
    }
}

field_module! {
    /// A decimal number as `<D>`, its scale kept: [`Decimal`], `String`, and with the feature `rust_decimal`,
    /// `rust_decimal::Decimal`.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Item {
    ///     #[serde(with = "clixml::decimal")]
    ///     price: clixml::Decimal,
    /// }
    ///
    /// let item = Item { price: "1.10".parse()? };
    /// assert!(clixml::to_string(&item)?.contains("<D N=\"price\">1.10</D>"));
    /// # Ok::<(), clixml::Error>(())
    /// ```
    decimal Decimal {
        Decimal => displayed, parsed;
        String => |value| canonical::<Decimal>(value), canonical::<Decimal>;
        #[cfg(feature = "rust_decimal")]
        rust_decimal::Decimal => displayed, |text| canonical::<Decimal>(text).and_then(|text| parsed(&text));
    }
}

field_module! {
    /// A version as `<Version>`: [`Version`] and `String`.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Module {
    ///     #[serde(with = "clixml::version")]
    ///     version: String,
    /// }
    ///
    /// let module = Module { version: "7.6.9".into() };
    /// assert!(clixml::to_string(&module)?.contains("<Version N=\"version\">7.6.9</Version>"));
    /// # Ok::<(), clixml::Error>(())
    /// ```
    version Version {
        Version => displayed, parsed;
        String => |value| canonical::<Version>(value), canonical::<Version>;
    }
}

field_module! {
    /// A UTF-16 unit as `<C>`, .NET's `Char`, which may be an unpaired surrogate: `u16`.
    ///
    /// A Rust `char` is written as `<C>` without this.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Half {
    ///     #[serde(with = "clixml::utf16_unit")]
    ///     unit: u16,
    /// }
    ///
    /// assert!(clixml::to_string(&Half { unit: 0xD83D })?.contains("<C N=\"unit\">55357</C>"));
    /// # Ok::<(), clixml::Error>(())
    /// ```
    utf16_unit Char {
        u16 => displayed, parsed;
    }
}
