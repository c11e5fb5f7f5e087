//! `System.DateTime` as XML writes it, in ticks of 100 ns since the first day of year 1.

use super::calendar::{date_of, days};
use super::invalid::InvalidText;

pub(crate) const TICKS_PER_SECOND: i64 = 10_000_000;
const TICKS_PER_MINUTE: i64 = 60 * TICKS_PER_SECOND;
pub(crate) const TICKS_PER_DAY: i64 = 86_400 * TICKS_PER_SECOND;
/// The last tick of the year 9999, the end of .NET's range.
pub(crate) const MAX_TICKS: i64 = 3_155_378_975_999_999_999;
/// The Unix epoch.
pub(crate) const EPOCH_TICKS: i64 = 621_355_968_000_000_000;

/// The time zone of a date, as in .NET's `DateTimeKind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Zone {
    Utc,
    /// The offset from UTC in minutes, as in the document.
    Local(i16),
    Unspecified,
}

/// Ticks of local time in `zone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Clock {
    pub(crate) ticks: i64,
    pub(crate) zone: Zone,
}

impl Clock {
    /// The instant in UTC, limited to the range of .NET, as .NET limits it.
    pub(crate) fn utc_ticks(self) -> i64 {
        match self.zone {
            Zone::Local(offset) => {
                (self.ticks - i64::from(offset) * TICKS_PER_MINUTE).clamp(0, MAX_TICKS)
            }
            Zone::Utc | Zone::Unspecified => self.ticks,
        }
    }
}

/// Reads a date and time in any of the forms of XML Schema: complete, or only a date, a time or a year.
pub(crate) fn parse(text: &str) -> Result<Clock, InvalidText> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let mut cursor = Cursor(text.as_bytes());
    let (date, timed) = cursor.date()?;
    let time = if timed { cursor.time()? } else { 0 };
    let zone = cursor.zone()?;
    if !cursor.0.is_empty() {
        return Err(InvalidText::Syntax);
    }
    let ticks = date * TICKS_PER_DAY + time;
    if ticks > MAX_TICKS {
        Err(InvalidText::OutOfRange)
    } else {
        Ok(Clock { ticks, zone })
    }
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn eat(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn need(&mut self, byte: u8) -> Result<(), InvalidText> {
        if self.eat(byte) {
            Ok(())
        } else {
            Err(InvalidText::Syntax)
        }
    }

    fn digits(&mut self, count: usize) -> Result<i64, InvalidText> {
        let (digits, rest) = self.0.split_at_checked(count).ok_or(InvalidText::Syntax)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(InvalidText::Syntax);
        }
        self.0 = rest;
        Ok(digits
            .iter()
            .fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }

    /// The days before the date, and whether a time follows.
    fn date(&mut self) -> Result<(i64, bool), InvalidText> {
        // .NET takes the year of a month and a day from 1904, a leap year, and that of a month or a day alone from the
        // clock.
        if self.eat(b'-') {
            self.need(b'-')?;
            if self.eat(b'-') {
                return Ok((days(this_year(), 1, self.digits(2)?)?, false));
            }
            let month = self.digits(2)?;
            if self.0.starts_with(b"--") {
                self.0 = &self.0[2..];
                return Ok((days(this_year(), month, 1)?, false));
            }
            let month_and_day = self.0.first() == Some(&b'-')
                && self.0.get(1).is_some_and(u8::is_ascii_digit)
                && self.0.get(3) != Some(&b':');
            if !month_and_day {
                return Ok((days(this_year(), month, 1)?, false));
            }
            self.0 = &self.0[1..];
            return Ok((days(1904, month, self.digits(2)?)?, false));
        }
        if self.0.get(2) == Some(&b':') {
            return Ok((today(), true));
        }
        let year = self.digits(4)?;
        if !self.part_follows() {
            return Ok((days(year, 1, 1)?, false));
        }
        self.need(b'-')?;
        let month = self.digits(2)?;
        if !self.part_follows() {
            return Ok((days(year, month, 1)?, false));
        }
        self.need(b'-')?;
        let day = self.digits(2)?;
        Ok((days(year, month, day)?, self.eat(b'T')))
    }

    /// Whether `-` leads the next part of the date, and not an offset such as `-05:30`.
    fn part_follows(&self) -> bool {
        self.0.first() == Some(&b'-') && self.0.get(3) != Some(&b':')
    }

    fn time(&mut self) -> Result<i64, InvalidText> {
        let hour = self.digits(2)?;
        self.need(b':')?;
        let minute = self.digits(2)?;
        self.need(b':')?;
        let second = self.digits(2)?;
        if hour > 23 || minute > 59 || second > 59 {
            return Err(InvalidText::Syntax);
        }
        let mut ticks = ((hour * 60 + minute) * 60 + second) * TICKS_PER_SECOND;
        if self.eat(b'.') {
            let count = self
                .0
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            let (digits, rest) = self.0.split_at(count);
            if digits.is_empty() {
                return Err(InvalidText::Syntax);
            }
            let mut unit = TICKS_PER_SECOND;
            for digit in digits.iter().take(7) {
                unit /= 10;
                ticks += unit * i64::from(digit - b'0');
            }
            // Fractions of a tick are rounded, half up.
            ticks += i64::from(digits.get(7).is_some_and(|digit| *digit >= b'5'));
            self.0 = rest;
        }
        Ok(ticks)
    }

    fn zone(&mut self) -> Result<Zone, InvalidText> {
        if self.eat(b'Z') || self.eat(b'z') {
            return Ok(Zone::Utc);
        }
        let sign = match self.0.first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Ok(Zone::Unspecified),
        };
        self.0 = &self.0[1..];
        let hours = self.digits(2)?;
        self.need(b':')?;
        let minutes = self.digits(2)?;
        if hours > 99 || minutes > 59 {
            return Err(InvalidText::Syntax);
        }
        Ok(Zone::Local((sign * (hours * 60 + minutes)) as i16))
    }
}

fn this_year() -> i64 {
    date_of(today()).0
}

/// The day in UTC. .NET takes that of the reader's time zone.
fn today() -> i64 {
    (jiff::Timestamp::now().as_second() + EPOCH_TICKS / TICKS_PER_SECOND).div_euclid(86_400)
}

/// A date and time as PowerShell writes it, without an allocation.
pub(crate) struct DateTimeText {
    bytes: [u8; MAX_LENGTH],
    length: usize,
}

/// `9999-12-31T23:59:59.9999999+14:00`
const MAX_LENGTH: usize = 33;

impl DateTimeText {
    pub(crate) fn new(clock: Clock) -> Self {
        let (year, month, day) = date_of(clock.ticks / TICKS_PER_DAY);
        let time = clock.ticks % TICKS_PER_DAY;
        let (seconds, fraction) = (time / TICKS_PER_SECOND, time % TICKS_PER_SECOND);
        let mut written = Self {
            bytes: [0; MAX_LENGTH],
            length: 0,
        };
        written.pair(year / 100);
        written.pair(year % 100);
        for (separator, number) in [
            (b'-', month),
            (b'-', day),
            (b'T', seconds / 3_600),
            (b':', seconds / 60 % 60),
            (b':', seconds % 60),
        ] {
            written.byte(separator);
            written.pair(number);
        }
        written.fraction(fraction);
        match clock.zone {
            Zone::Utc => written.byte(b'Z'),
            Zone::Unspecified => {}
            Zone::Local(offset) => {
                written.byte(if offset < 0 { b'-' } else { b'+' });
                let offset = i64::from(offset.unsigned_abs());
                written.pair(offset / 60);
                written.byte(b':');
                written.pair(offset % 60);
            }
        }
        written
    }

    pub(crate) fn as_str(&self) -> &str {
        // Nothing but ASCII was written.
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }

    fn byte(&mut self, byte: u8) {
        self.bytes[self.length] = byte;
        self.length += 1;
    }

    /// The last two digits.
    fn pair(&mut self, number: i64) {
        let number = (number % 100) as u8;
        self.byte(b'0' + number / 10);
        self.byte(b'0' + number % 10);
    }

    /// The fraction of a second, without trailing zeros.
    fn fraction(&mut self, fraction: i64) {
        if fraction == 0 {
            return;
        }
        let (mut rest, mut unit) = (fraction as u32, 1_000_000);
        self.byte(b'.');
        while rest > 0 {
            self.byte(b'0' + (rest / unit) as u8);
            (rest, unit) = (rest % unit, unit / 10);
        }
    }
}

/// Appends a date and time as PowerShell writes it.
pub(crate) fn write(out: &mut String, clock: Clock) {
    out.push_str(DateTimeText::new(clock).as_str());
}
