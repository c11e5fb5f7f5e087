//! .NET's `DateTime`.

use super::text_type::{text_display, text_type};
use super::timestamp::Timestamp;
use crate::clixml::lexical::date_time;
use crate::clixml::lexical::date_time::{Clock, MAX_TICKS, Zone};

/// .NET's `DateTime`: ticks of 100 ns, and the kind of clock that they were read from.
///
/// ```
/// use kr_runtime::clixml::{DateTime, DateTimeKind};
///
/// let noon: DateTime = "2024-05-01T12:00:00+02:00".parse()?;
/// assert_eq!(noon.kind(), DateTimeKind::Local { offset_minutes: 120 });
/// assert_eq!(noon.timestamp().to_string(), "2024-05-01T10:00:00Z");
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime(Clock);

/// The kind of clock of a [`DateTime`]: .NET's `DateTimeKind`.
///
/// ```
/// use kr_runtime::clixml::{DateTime, DateTimeKind};
///
/// let noon: DateTime = "2024-05-01T12:00:00".parse()?;
/// assert_eq!(noon.kind(), DateTimeKind::Unspecified);
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateTimeKind {
    /// UTC, written with `Z`.
    Utc,
    /// Local time, written with its offset from UTC.
    Local {
        /// How far the clock is ahead of UTC.
        offset_minutes: i16,
    },
    /// Unknown, written without an offset.
    Unspecified,
}

impl DateTime {
    /// The date and time with this number of ticks since the start of year 1, for this kind of clock.
    ///
    /// ```
    /// use kr_runtime::clixml::{DateTime, DateTimeKind};
    ///
    /// let start = DateTime::from_ticks(0, DateTimeKind::Unspecified).unwrap();
    /// assert_eq!(start.to_string(), "0001-01-01T00:00:00");
    /// ```
    #[must_use]
    pub fn from_ticks(ticks: i64, kind: DateTimeKind) -> Option<Self> {
        let zone = match kind {
            DateTimeKind::Utc => Zone::Utc,
            // XML writes two digits of hours.
            DateTimeKind::Local { offset_minutes } if offset_minutes.unsigned_abs() < 100 * 60 => {
                Zone::Local(offset_minutes)
            }
            DateTimeKind::Local { .. } => return None,
            DateTimeKind::Unspecified => Zone::Unspecified,
        };
        (0..=MAX_TICKS)
            .contains(&ticks)
            .then_some(DateTime(Clock { ticks, zone }))
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        date_time::parse(text).ok().map(DateTime)
    }

    fn text(self) -> String {
        let mut text = String::with_capacity(33);
        self.write(&mut text);
        text
    }

    pub(crate) fn write(self, out: &mut String) {
        date_time::write(out, self.0);
    }

    /// The ticks of 100 ns since the start of year 1, as its clock shows them.
    ///
    /// ```
    /// let noon: kr_runtime::clixml::DateTime = "0001-01-01T12:00:00".parse()?;
    /// assert_eq!(noon.ticks(), 432_000_000_000);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    #[must_use]
    pub fn ticks(self) -> i64 {
        self.0.ticks
    }

    /// The kind of clock.
    ///
    /// ```
    /// use kr_runtime::clixml::{DateTime, DateTimeKind};
    ///
    /// assert_eq!("2024-05-01T12:00:00Z".parse::<DateTime>()?.kind(), DateTimeKind::Utc);
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    #[must_use]
    pub fn kind(self) -> DateTimeKind {
        match self.0.zone {
            Zone::Utc => DateTimeKind::Utc,
            Zone::Local(offset_minutes) => DateTimeKind::Local { offset_minutes },
            Zone::Unspecified => DateTimeKind::Unspecified,
        }
    }

    /// The instant. Without a zone it is taken as UTC.
    ///
    /// ```
    /// let noon: kr_runtime::clixml::DateTime = "2024-05-01T12:00:00".parse()?;
    /// assert_eq!(noon.timestamp().to_string(), "2024-05-01T12:00:00Z");
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_ticks(self.0.utc_ticks()).unwrap_or(Timestamp::MAX)
    }

    /// The date and time on the clock, without its kind.
    ///
    /// ```
    /// let noon: kr_runtime::clixml::DateTime = "2024-05-01T12:00:00+02:00".parse()?;
    /// assert_eq!(noon.civil(), jiff::civil::date(2024, 5, 1).at(12, 0, 0, 0));
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    #[must_use]
    pub fn civil(self) -> jiff::civil::DateTime {
        let text = DateTime(Clock {
            zone: Zone::Unspecified,
            ..self.0
        })
        .text();
        // jiff's calendar has every date of the years 1 to 9999.
        text.parse().unwrap_or(jiff::civil::DateTime::MAX)
    }
}

impl From<Timestamp> for DateTime {
    fn from(timestamp: Timestamp) -> Self {
        DateTime(Clock {
            ticks: timestamp.ticks(),
            zone: Zone::Utc,
        })
    }
}

text_display!(DateTime);
text_type!(DateTime, DateTime);
