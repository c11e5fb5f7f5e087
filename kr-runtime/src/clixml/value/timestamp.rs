//! `Timestamp`: an instant with the precision and range of .NET.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::date_time::{
    self, Clock, DateTimeText, EPOCH_TICKS, MAX_TICKS, TICKS_PER_SECOND, Zone,
};

/// An instant with the ticks and the range of .NET's `DateTime`: 100 ns, from year 1 to 9999.
///
/// Exporting it to CLIXML and importing it again loses nothing. In JSON it is RFC 3339 text, in CLIXML
/// `<DT>…Z</DT>`.
///
/// ```
/// use kr_runtime::Timestamp;
///
/// let at: Timestamp = "2024-05-01T14:34:56.5+02:00".parse()?;
/// assert_eq!(at.to_string(), "2024-05-01T12:34:56.5Z");
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Since the first day of year 1, in UTC.
    ticks: i64,
}

impl Timestamp {
    /// The first instant: the start of year 1, .NET's `DateTime.MinValue`.
    ///
    /// ```
    /// assert_eq!(kr_runtime::Timestamp::MIN.to_string(), "0001-01-01T00:00:00Z");
    /// ```
    pub const MIN: Self = Self { ticks: 0 };

    /// The last instant: the end of year 9999, .NET's `DateTime.MaxValue`.
    ///
    /// ```
    /// assert_eq!(kr_runtime::Timestamp::MAX.to_string(), "9999-12-31T23:59:59.9999999Z");
    /// ```
    pub const MAX: Self = Self { ticks: MAX_TICKS };

    /// The current instant, truncated to whole ticks.
    ///
    /// ```
    /// let now = kr_runtime::Timestamp::now();
    /// assert!(now > kr_runtime::Timestamp::default());
    /// ```
    #[must_use]
    pub fn now() -> Self {
        let now = jiff::Timestamp::now();
        Self::try_from(now).unwrap_or(if now < jiff::Timestamp::UNIX_EPOCH {
            Self::MIN
        } else {
            Self::MAX
        })
    }

    /// The number of ticks of 100 ns since the start of year 1, .NET's `DateTime.Ticks`.
    ///
    /// ```
    /// assert_eq!(kr_runtime::Timestamp::default().ticks(), 621_355_968_000_000_000);
    /// ```
    #[must_use]
    pub const fn ticks(self) -> i64 {
        self.ticks
    }

    /// The instant with this number of ticks, if it lies in the range.
    ///
    /// ```
    /// use kr_runtime::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_ticks(0), Some(Timestamp::MIN));
    /// assert_eq!(Timestamp::from_ticks(-1), None);
    /// ```
    #[must_use]
    pub const fn from_ticks(ticks: i64) -> Option<Self> {
        if ticks >= 0 && ticks <= MAX_TICKS {
            Some(Self { ticks })
        } else {
            None
        }
    }

    fn to_text(self) -> DateTimeText {
        DateTimeText::new(Clock {
            ticks: self.ticks,
            zone: Zone::Utc,
        })
    }
}

/// The Unix epoch.
impl Default for Timestamp {
    fn default() -> Self {
        Self { ticks: EPOCH_TICKS }
    }
}

/// RFC 3339 in UTC, with as many digits of a second as it needs.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.to_text().as_str())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads RFC 3339 text, with any offset.
impl FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // jiff's range ends before the last day of year 9999, .NET's does not.
        match date_time::parse(text) {
            Ok(clock) if text.contains('T') && clock.zone != Zone::Unspecified => Ok(Self {
                ticks: clock.utc_ticks(),
            }),
            _ => Self::try_from(text.parse::<jiff::Timestamp>()?),
        }
    }
}

/// Truncates to 100 ns.
impl TryFrom<jiff::Timestamp> for Timestamp {
    type Error = jiff::Error;

    /// # Errors
    ///
    /// If the instant lies before year 1.
    fn try_from(timestamp: jiff::Timestamp) -> Result<Self, Self::Error> {
        let nanoseconds = timestamp.as_nanosecond();
        let ticks = nanoseconds.div_euclid(100) + i128::from(EPOCH_TICKS);
        let ticks = i64::try_from(ticks).ok().and_then(Self::from_ticks);
        ticks.ok_or_else(|| {
            jiff::Error::from_args(format_args!("{timestamp} lies outside the years 1 to 9999"))
        })
    }
}

impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = jiff::Error;

    /// # Errors
    ///
    /// If the instant lies in the last hours of year 9999, which jiff does not have.
    fn try_from(timestamp: Timestamp) -> Result<Self, Self::Error> {
        let ticks = timestamp.ticks - EPOCH_TICKS;
        let (seconds, rest) = (
            ticks.div_euclid(TICKS_PER_SECOND),
            ticks.rem_euclid(TICKS_PER_SECOND),
        );
        jiff::Timestamp::new(seconds, rest as i32 * 100)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Kind::DateTime.type_tag(), self.to_text().as_str())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(Kind::DateTime.type_tag(), TimestampVisitor)
    }
}

struct TimestampVisitor;

impl<'de> Visitor<'de> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date and time such as `2024-05-01T12:34:56Z`")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
        match date_time::parse(text) {
            Ok(clock) => Ok(Timestamp {
                ticks: clock.utc_ticks(),
            }),
            Err(_) => text
                .parse()
                .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }
}
