//! `System.TimeSpan` as XML writes it, in ticks of 100 ns.

use std::fmt::Write as _;

use super::invalid::InvalidText;

const SECOND: i128 = 10_000_000;
const DAY: i128 = 86_400 * SECOND;

/// Reads a duration such as `P1DT2H3M4.005S`. A year counts 365 days, a month 30, as in .NET.
pub(crate) fn parse(text: &str) -> Result<i64, InvalidText> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let rest = rest.strip_prefix('P').ok_or(InvalidText::Syntax)?;
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let mut total = 0i128;
    let mut parts = 0;
    for (text, units) in [(Some(date), &DATE[..]), (time, &TIME[..])] {
        let Some(text) = text else { continue };
        let count = sum(text, units, &mut total)?;
        // After a `T`, hours, minutes or seconds must follow.
        if count == 0 && std::ptr::eq(units, &TIME[..]) {
            return Err(InvalidText::Syntax);
        }
        parts += count;
    }
    if parts == 0 {
        return Err(InvalidText::Syntax);
    }
    i64::try_from(if negative { -total } else { total }).map_err(|_| InvalidText::OutOfRange)
}

const DATE: [(u8, i128); 3] = [(b'Y', 365 * DAY), (b'M', 30 * DAY), (b'D', DAY)];
const TIME: [(u8, i128); 3] = [(b'H', 3_600 * SECOND), (b'M', 60 * SECOND), (b'S', SECOND)];

/// Adds up numbers with units, each unit at most once and in order.
fn sum(text: &str, units: &[(u8, i128)], total: &mut i128) -> Result<usize, InvalidText> {
    let mut units = units.iter();
    let mut rest = text.as_bytes();
    let mut count = 0;
    while !rest.is_empty() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (whole, mut after) = rest.split_at(digits);
        let mut fraction = None;
        if let Some(behind) = after.strip_prefix(b".") {
            let digits = behind
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            fraction = Some(&behind[..digits]);
            after = &behind[digits..];
        }
        let (unit, after) = after.split_first().ok_or(InvalidText::Syntax)?;
        let (unit, size) = units
            .find(|(name, _)| name == unit)
            .ok_or(InvalidText::Syntax)?;
        if whole.is_empty() && fraction.is_none_or(<[u8]>::is_empty)
            || (fraction.is_some() && *unit != b'S')
        {
            return Err(InvalidText::Syntax);
        }
        let mut number = 0i128;
        for byte in whole {
            number = number * 10 + i128::from(byte - b'0');
            // .NET holds each part in an `int`.
            if number > i128::from(i32::MAX) {
                return Err(InvalidText::OutOfRange);
            }
        }
        *total += number * size;
        let mut ticks = SECOND;
        for byte in fraction.unwrap_or_default().iter().take(7) {
            ticks /= 10;
            *total += ticks * i128::from(byte - b'0');
        }
        rest = after;
        count += 1;
    }
    Ok(count)
}

/// Appends a duration: days, hours, minutes and seconds, without those that are zero.
pub(crate) fn write(out: &mut String, ticks: i64) {
    if ticks == 0 {
        return out.push_str("PT0S");
    }
    if ticks < 0 {
        out.push('-');
    }
    let ticks = ticks.unsigned_abs();
    let (seconds, fraction) = (ticks / 10_000_000, ticks % 10_000_000);
    out.push('P');
    push_part(out, seconds / 86_400, 'D');
    let (hours, minutes, seconds) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    if hours + minutes + seconds + fraction == 0 {
        return;
    }
    out.push('T');
    push_part(out, hours, 'H');
    push_part(out, minutes, 'M');
    if seconds + fraction > 0 {
        // Writing to a `String` cannot fail.
        let _ = write!(out, "{seconds}");
        write_fraction(out, fraction);
        out.push('S');
    }
}

fn push_part(out: &mut String, number: u64, unit: char) {
    if number > 0 {
        let _ = write!(out, "{number}{unit}");
    }
}

/// Appends the fraction of a second, without trailing zeros.
fn write_fraction(out: &mut String, fraction: u64) {
    if fraction > 0 {
        let digits = format!(".{fraction:07}");
        out.push_str(digits.trim_end_matches('0'));
    }
}

pub(crate) fn from_ticks(ticks: i64) -> jiff::SignedDuration {
    jiff::SignedDuration::new(ticks / 10_000_000, (ticks % 10_000_000) as i32 * 100)
}

/// The ticks of a duration, rounded towards zero, or `None` if it exceeds the range of .NET.
pub(crate) fn to_ticks(span: jiff::SignedDuration) -> Option<i64> {
    let ticks = i128::from(span.as_secs()) * SECOND + i128::from(span.subsec_nanos() / 100);
    ticks.try_into().ok()
}
