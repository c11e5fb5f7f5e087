//! The primitives for which Rust has no type of its own, each as its canonical text or numbers.

use std::fmt;

use super::text_type::lexical;
use crate::clixml::element::primitive::{parse_guid, parse_version};
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
        parse_guid(text).ok().map(Guid)
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

/// `System.Version`: two to four numbers.
///
/// ```
/// use kr_runtime::clixml::Version;
///
/// let version: Version = "7.6.9".parse()?;
/// assert_eq!((version.major, version.minor, version.build, version.revision), (7, 6, Some(9), None));
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
    /// The third number, if there is one.
    pub build: Option<u32>,
    /// The fourth number; without a third one it is not written.
    pub revision: Option<u32>,
}

impl Version {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts = parse_version(text).ok()?;
        let part = |at: usize| parts.get(at).map(|part| part.unsigned_abs());
        Some(Version {
            major: part(0)?,
            minor: part(1)?,
            build: part(2),
            revision: part(3),
        })
    }

    fn text(self) -> String {
        let mut text = format!("{}.{}", self.major, self.minor);
        for part in [self.build, self.build.and(self.revision)]
            .into_iter()
            .flatten()
        {
            text.push_str(&format!(".{part}"));
        }
        text
    }
}

/// `System.Security.SecureString` as it stands in a document: encrypted on Windows, in plain hexadecimal elsewhere.
///
/// It is never decoded, and does not show what it holds.
///
/// ```
/// use kr_runtime::clixml::SecureString;
///
/// let secret: SecureString = "7000610073007300".parse()?;
/// assert_eq!(format!("{secret:?}"), "SecureString(…)");
/// assert_eq!(secret.expose_digits(), "7000610073007300");
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SecureString(Box<str>);

impl SecureString {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        crate::clixml::element::primitive::check(
            crate::clixml::parse::tape::Kind::SecureString,
            text,
        )
        .ok()?;
        Some(SecureString(text.into()))
    }

    /// The hexadecimal digits of the document. On Linux and macOS they are the secret itself.
    ///
    /// ```
    /// # let secret: kr_runtime::clixml::SecureString = "7000".parse()?;
    /// assert_eq!(secret.expose_digits(), "7000");
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    #[must_use]
    pub fn expose_digits(&self) -> &str {
        &self.0
    }

    fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecureString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecureString(…)")
    }
}

macro_rules! shown {
    ($($type:ty)*) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let text = self.text();
                let text: &str = text.as_ref();
                f.pad(text)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}

shown! { Decimal Guid Version }

lexical!(Decimal, Decimal);
lexical!(Guid, Guid);
lexical!(Version, Version);
lexical!(SecureString, SecureString);

/// A progress record, as `Write-Progress` makes it.
///
/// ```
/// use kr_runtime::clixml::{self, Progress, Value};
///
/// let progress = Progress { activity: "Copying".into(), ..Progress::default() };
/// let document = clixml::to_string(&Value::Progress(progress.into()))?;
/// assert!(document.contains("<AV>Copying</AV>"));
/// # Ok::<(), clixml::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is going on.
    pub activity: super::text::Text,
    /// The number of the activity.
    pub activity_id: i32,
    /// The step that is being done.
    pub current_operation: Option<super::text::Text>,
    /// The number of the activity that this one is part of, or -1.
    pub parent_activity_id: i32,
    /// How much is done, or -1.
    pub percent_complete: i32,
    /// Whether it is over.
    pub completed: bool,
    /// How long it will take, or -1.
    pub seconds_remaining: i32,
    /// What it is about.
    pub status: super::text::Text,
}
