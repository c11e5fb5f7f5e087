//! Dates and lengths of time.

use super::field_module::{canonical, checked, displayed, field_module, parsed};
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical;
use crate::clixml::value::date_time::DateTime;
use crate::clixml::value::timestamp::Timestamp;

field_module! {
    /// A date and time as `<DT>`: [`Timestamp`], [`jiff::Timestamp`], [`jiff::civil::DateTime`] and [`DateTime`].
    ///
    /// Other formats get the text of RFC 3339.
    ///
    /// Reading an instant takes any date that PowerShell reads. One with an offset becomes the instant that it means;
    /// one without a zone, .NET's `Unspecified` kind, is taken as UTC. A civil date and time is written without a
    /// zone, and read as the clock showed it. Times are truncated to 100 ns.
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
        Timestamp => displayed, |text| parsed::<DateTime>(text).map(DateTime::timestamp);
        jiff::Timestamp =>
            |value| Timestamp::try_from(*value).map(|value| value.to_string()).map_err(|error| error.to_string()),
            |text| {
                let instant = parsed::<DateTime>(text)?.timestamp();
                jiff::Timestamp::try_from(instant).map_err(|error| error.to_string())
            };
        jiff::civil::DateTime =>
            |value| canonical::<DateTime>(&value.to_string()),
            |text| parsed::<DateTime>(text).map(DateTime::civil);
        DateTime => displayed, parsed;
    }
}

field_module! {
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
