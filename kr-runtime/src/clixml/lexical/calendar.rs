//! The Gregorian calendar, in days from the first day of year 1.

use super::invalid::InvalidText;

/// Days from the first day of year 1 to a date, in the Gregorian calendar.
pub(super) fn days(year: i64, month: i64, day: i64) -> Result<i64, InvalidText> {
    if !(1..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=month_length(year, month)).contains(&day)
    {
        return Err(InvalidText::Syntax);
    }
    let before = year - 1;
    let leap = i64::from(month > 2 && is_leap(year));
    Ok(before * 365 + before / 4 - before / 100
        + before / 400
        + BEFORE[month as usize - 1]
        + leap
        + day
        - 1)
}

const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The date of a day, counted from the first day of year 1.
pub(super) fn date_of(day: i64) -> (i64, i64, i64) {
    let (cycle, rest) = (day / 146_097, day % 146_097);
    // The last day of 400 years, and of four years, belongs to a leap year.
    let century = (rest / 36_524).min(3);
    let rest = rest - century * 36_524;
    let (four, rest) = (rest / 1_461, rest % 1_461);
    let single = (rest / 365).min(3);
    let year = cycle * 400 + century * 100 + four * 4 + single + 1;
    let mut rest = rest - single * 365;
    let mut month = 1;
    while rest >= month_length(year, month) {
        rest -= month_length(year, month);
        month += 1;
    }
    (year, month, rest + 1)
}
