//! Numbers as .NET reads and writes them.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use super::invalid::InvalidText;

/// White space that .NET's parsers of numbers skip.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| matches!(c, '\t'..='\r' | ' '))
}

/// Reads an integer. .NET accepts a sign only for signed types.
pub(crate) fn parse_int<T: FromStr>(text: &str, signed: bool) -> Result<T, InvalidText> {
    let text = trim(text);
    let digits = match text.as_bytes().first() {
        Some(b'+' | b'-') if signed => &text[1..],
        _ => text,
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InvalidText::Syntax);
    }
    text.parse().map_err(|_| InvalidText::OutOfRange)
}

/// Reads a floating-point number: XML's `INF`, .NET's `Infinity`, and decimal digits.
pub(crate) fn parse_float<T: FromStr>(text: &str) -> Result<T, InvalidText> {
    let text = trim(text);
    let spelled = match text {
        "INF" => "inf",
        "-INF" => "-inf",
        _ => {
            let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
            if unsigned.eq_ignore_ascii_case("nan") {
                "NaN"
            } else if unsigned.eq_ignore_ascii_case("infinity") || is_decimal(unsigned, true) {
                text
            } else {
                return Err(InvalidText::Syntax);
            }
        }
    };
    spelled.parse().map_err(|_| InvalidText::Syntax)
}

fn is_decimal(text: &str, exponent: bool) -> bool {
    let (mantissa, power) = match text.find(['e', 'E']) {
        Some(at) if exponent => (&text[..at], Some(&text[at + 1..])),
        _ => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power_fits = power.is_none_or(|power| {
        let power = power.strip_prefix(['+', '-']).unwrap_or(power);
        !power.is_empty() && digits(power)
    });
    (!whole.is_empty() || !fraction.is_empty()) && digits(whole) && digits(fraction) && power_fits
}

/// Reads `true`, `false`, `1` or `0`.
pub(crate) fn parse_bool(text: &str) -> Result<bool, InvalidText> {
    match text.trim_matches([' ', '\t', '\r', '\n']) {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(InvalidText::Syntax),
    }
}

/// Reads a `System.Decimal` and writes it as .NET would: its digits and its scale kept, 28 places at most.
pub(crate) fn canonical_decimal(text: &str) -> Result<String, InvalidText> {
    const LARGEST: u128 = 79_228_162_514_264_337_593_543_950_335;
    let text = trim(text);
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    // .NET's full number style accepts a sign after the digits. XML's style does not.
    if !is_decimal(unsigned, false) {
        return Err(InvalidText::Syntax);
    }
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut digits = 0u128;
    for byte in whole.bytes() {
        digits = digits * 10 + u128::from(byte - b'0');
        if digits > LARGEST {
            return Err(InvalidText::OutOfRange);
        }
    }
    let fraction = fraction.as_bytes();
    let mut scale = 0;
    while scale < fraction.len() && scale < 28 {
        let next = digits * 10 + u128::from(fraction[scale] - b'0');
        if next > LARGEST {
            break;
        }
        digits = next;
        scale += 1;
    }
    if let Some((first, rest)) = fraction[scale..].split_first() {
        let half = *first == b'5' && rest.iter().all(|byte| *byte == b'0');
        if (half && digits % 2 == 1) || (!half && *first >= b'5') {
            digits += 1;
            if digits > LARGEST {
                // Rounding up the largest value removes one decimal place, or exceeds the range.
                if scale == 0 {
                    return Err(InvalidText::OutOfRange);
                }
                digits = digits.div_ceil(10);
                scale -= 1;
            }
        }
    }
    let sign = if negative && digits != 0 { "-" } else { "" };
    let text = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = text.split_at(text.len() - scale);
    Ok(if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

/// Appends a `System.Double` as .NET's round-trip format writes it.
pub(crate) fn write_double(out: &mut String, value: f64) {
    // From 1E+17 on, .NET always writes exponents.
    write_float(
        out,
        value,
        value.is_nan(),
        value.is_infinite(),
        value.is_sign_negative(),
        17,
    );
}

/// Appends a `System.Single` as .NET's round-trip format writes it.
pub(crate) fn write_single(out: &mut String, value: f32) {
    write_float(
        out,
        value,
        value.is_nan(),
        value.is_infinite(),
        value.is_sign_negative(),
        9,
    );
}

fn write_float(
    out: &mut String,
    value: impl fmt::Display + fmt::LowerExp,
    nan: bool,
    infinite: bool,
    negative: bool,
    limit: i32,
) {
    if nan || infinite {
        return out.push_str(if nan {
            "NaN"
        } else if negative {
            "-INF"
        } else {
            "INF"
        });
    }
    let shortest = format!("{value:e}");
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // Writing to a `String` cannot fail.
    let _ = if (-4..limit).contains(&exponent) {
        write!(out, "{value}")
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(out, "{mantissa}E{sign}{:02}", exponent.abs())
    };
}
