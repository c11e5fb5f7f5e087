//! The modules for `#[serde(with = …)]`: types of other crates as the elements that PowerShell has for them.

use std::fmt;

use serde::de::Deserializer;
use serde::ser::{Serialize, Serializer};

use super::tagged::{Marked, Perhaps};
use crate::clixml::base::truncate::truncate;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical;
use crate::clixml::value::date_time::DateTime;
use crate::clixml::value::decimal::Decimal;
use crate::clixml::value::guid::Guid;
use crate::clixml::value::text_type;
use crate::clixml::value::timestamp::Timestamp;
use crate::clixml::value::version::Version;

/// Makes one module: `type => to text, from text`.
macro_rules! with {
    ($(#[$doc:meta])* $module:ident $kind:ident { $($(#[$cfg:meta])* $type:ty => $write:expr, $read:expr;)* }) => {
        $(#[$doc])*
        pub mod $module {
            use super::*;

            const KIND: Kind = Kind::$kind;

            #[doc = concat!("For `#[serde(with = \"clixml::", stringify!($module), "\")]`; see the module.")]
            ///
            /// # Errors
            ///
            /// If the value has no counterpart in .NET, or if the format fails.
            pub fn serialize<T: Field, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
                value.write(serializer)
            }

            #[doc = concat!("For `#[serde(with = \"clixml::", stringify!($module), "\")]`; see the module.")]
            ///
            /// # Errors
            ///
            /// If something else stands there, or what the type cannot hold.
            pub fn deserialize<'de, T: Field, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
                T::read(deserializer)
            }

            /// The types that this module writes and reads, and options of them.
            pub trait Field: Sized + sealed::Sealed {
                #[doc(hidden)]
                fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
                #[doc(hidden)]
                fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
            }

            mod sealed {
                pub trait Sealed {}
            }

            trait Plain: Sized {
                fn to_text(&self) -> Result<String, String>;
                fn from_text(text: &str) -> Result<Self, String>;
            }

            impl<T: Plain> sealed::Sealed for T {}
            impl<T: Plain> sealed::Sealed for Option<T> {}

            impl<T: Plain> Field for T {
                fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    Marked(KIND, self.to_text().map_err(serde::ser::Error::custom)?).serialize(serializer)
                }

                fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    T::from_text(&text_type::read(deserializer, KIND)?).map_err(serde::de::Error::custom)
                }
            }

            impl<T: Plain> Field for Option<T> {
                fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    match self {
                        Some(value) => {
                            let text = value.to_text().map_err(serde::ser::Error::custom)?;
                            serializer.serialize_some(&Marked(KIND, text))
                        }
                        None => serializer.serialize_none(),
                    }
                }

                fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = deserializer.deserialize_option(Perhaps(KIND))?;
                    text.map(|text| T::from_text(&text)).transpose().map_err(serde::de::Error::custom)
                }
            }

            $($(#[$cfg])* impl Plain for $type {
                fn to_text(&self) -> Result<String, String> {
                    let write: fn(&$type) -> Result<String, String> = $write;
                    write(self)
                }

                fn from_text(text: &str) -> Result<Self, String> {
                    let read: fn(&str) -> Result<$type, String> = $read;
                    read(text)
                }
            })*
        }
    };
}

fn shown(value: &impl ToString) -> Result<String, String> {
    Ok(value.to_string())
}

fn parsed<T: std::str::FromStr<Err: fmt::Display>>(text: &str) -> Result<T, String> {
    text.trim()
        .parse()
        .map_err(|error: T::Err| error.to_string())
}

/// Text that has to be what the element holds, in the form in which .NET writes it.
fn canonical<T: std::str::FromStr<Err: fmt::Display> + ToString>(
    text: &str,
) -> Result<String, String> {
    parsed::<T>(text).map(|value| value.to_string())
}

fn checked(kind: Kind, text: &str) -> Result<String, String> {
    match kind.check(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(_) => Err(format!(
            "expected {}, found \"{}\"",
            kind.content(),
            truncate(text)
        )),
    }
}

with! {
    /// A date and time as `<DT>`: [`Timestamp`], [`jiff::Timestamp`], [`jiff::civil::DateTime`] and [`DateTime`].
    ///
    /// Other formats get the text of RFC 3339.
    ///
    /// Reading an instant takes any date that PowerShell reads. One with an offset becomes the instant that it means;
    /// one without a zone, .NET's `Unspecified` kind, is taken as UTC. A civil date and time is written without a
    /// zone, and read as the clock showed it. CLIXML counts in ticks of 100 ns: what is finer is cut off.
    ///
    /// ```
    /// use kr_runtime::{Timestamp, clixml};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Visit {
    ///     #[serde(with = "clixml::datetime")]
    ///     at: Timestamp,
    /// }
    ///
    /// let visit = Visit { at: "2024-05-01T14:34:56+02:00".parse()? };
    /// assert!(clixml::to_string(&visit)?.contains("<DT N=\"at\">2024-05-01T12:34:56Z</DT>"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    datetime DateTime {
        Timestamp => shown, |text| parsed::<DateTime>(text).map(DateTime::timestamp);
        jiff::Timestamp =>
            |value| Timestamp::try_from(*value).map(|value| value.to_string()).map_err(|error| error.to_string()),
            |text| {
                let instant = parsed::<DateTime>(text)?.timestamp();
                jiff::Timestamp::try_from(instant).map_err(|error| error.to_string())
            };
        jiff::civil::DateTime =>
            |value| canonical::<DateTime>(&value.to_string()),
            |text| parsed::<DateTime>(text).map(DateTime::civil);
        DateTime => shown, parsed;
    }
}

with! {
    /// A length of time as `<TS>`: [`jiff::SignedDuration`] and [`std::time::Duration`].
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Job {
    ///     #[serde(with = "clixml::duration")]
    ///     timeout: Duration,
    /// }
    ///
    /// let job = Job { timeout: Duration::from_millis(90_500) };
    /// assert!(clixml::to_string(&job)?.contains("<TS N=\"timeout\">PT1M30.5S</TS>"));
    /// # Ok::<(), clixml::Error>(())
    /// ```
    duration Duration {
        jiff::SignedDuration => |value| span_text(*value), span;
        std::time::Duration =>
            |value| span_text(jiff::SignedDuration::try_from(*value).map_err(|error| error.to_string())?),
            |text| span(text)?.try_into().map_err(|_| format!("a length of time cannot be negative, found {text}"));
    }
}

fn span_text(span: jiff::SignedDuration) -> Result<String, String> {
    let ticks = lexical::duration::to_ticks(span)
        .ok_or("the duration is longer than .NET's TimeSpan, which ends after 10675199 days")?;
    let mut text = String::new();
    lexical::duration::write(&mut text, ticks);
    Ok(text)
}

fn span(text: &str) -> Result<jiff::SignedDuration, String> {
    match lexical::duration::parse(text) {
        Ok(ticks) => Ok(lexical::duration::from_ticks(ticks)),
        Err(_) => checked(Kind::Duration, text).map(|_| jiff::SignedDuration::ZERO),
    }
}

with! {
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
        Guid => shown, parsed;
        String => |value| canonical::<Guid>(value), canonical::<Guid>;
        #[cfg(feature = "uuid")]
        uuid::Uuid => shown, |text| parsed::<Guid>(text).map(uuid::Uuid::from);
    }
}

with! {
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
        Decimal => shown, parsed;
        String => |value| canonical::<Decimal>(value), canonical::<Decimal>;
        #[cfg(feature = "rust_decimal")]
        rust_decimal::Decimal => shown, |text| canonical::<Decimal>(text).and_then(|text| parsed(&text));
    }
}

with! {
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
        Version => shown, parsed;
        String => |value| canonical::<Version>(value), canonical::<Version>;
    }
}

with! {
    /// A URI as `<URI>`: `String`, and with the feature `url`, `url::Url`.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Link {
    ///     #[serde(with = "clixml::uri")]
    ///     to: String,
    /// }
    ///
    /// let link = Link { to: "https://example.com/a?b=c&d".into() };
    /// assert!(clixml::to_string(&link)?.contains("<URI N=\"to\">https://example.com/a?b=c&amp;d</URI>"));
    /// # Ok::<(), clixml::Error>(())
    /// ```
    uri Uri {
        String => |value| checked(Kind::Uri, value), |text| Ok(text.to_owned());
        #[cfg(feature = "url")]
        url::Url => shown, parsed;
    }
}

with! {
    /// A UTF-16 unit as `<C>`, .NET's `Char`, which may be half of a surrogate pair: `u16`.
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
        u16 => shown, parsed;
    }
}

with! {
    /// The source of a script block as `<SBK>`: `String`.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Job {
    ///     #[serde(with = "clixml::script_block")]
    ///     script: String,
    /// }
    ///
    /// assert!(clixml::to_string(&Job { script: "Get-Date".into() })?.contains("<SBK N=\"script\">Get-Date</SBK>"));
    /// # Ok::<(), clixml::Error>(())
    /// ```
    script_block ScriptBlock {
        String => |value| Ok(value.clone()), |text| Ok(text.to_owned());
    }
}

with! {
    /// The text of an XML document as `<XD>`: `String`.
    ///
    /// ```
    /// use kr_runtime::clixml;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Config {
    ///     #[serde(with = "clixml::xml_document")]
    ///     xml: String,
    /// }
    ///
    /// assert!(clixml::to_string(&Config { xml: "<a />".into() })?.contains("<XD N=\"xml\">&lt;a /&gt;</XD>"));
    /// assert!(clixml::to_string(&Config { xml: "<a>".into() }).is_err());
    /// # Ok::<(), clixml::Error>(())
    /// ```
    xml_document XmlDocument {
        String => |value| checked(Kind::XmlDocument, value), |text| Ok(text.to_owned());
    }
}
