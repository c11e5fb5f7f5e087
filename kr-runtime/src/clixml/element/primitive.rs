//! What the text of each primitive element may be.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::clixml::lexical::number::Misfit;
use crate::clixml::lexical::{date_time, duration, number};
use crate::clixml::parse::tape::Kind;

/// Checks a decoded text against its element, as PowerShell does before it knows who asks.
pub(crate) fn check(kind: Kind, text: &str) -> Result<(), Misfit> {
    match kind {
        Kind::Char | Kind::U16 => number::parse_int::<u16>(text, false).map(drop),
        Kind::Bool => number::parse_bool(text).map(drop),
        Kind::Byte => number::parse_int::<u8>(text, false).map(drop),
        Kind::SByte => number::parse_int::<i8>(text, true).map(drop),
        Kind::I16 => number::parse_int::<i16>(text, true).map(drop),
        Kind::U32 => number::parse_int::<u32>(text, false).map(drop),
        Kind::I32 => number::parse_int::<i32>(text, true).map(drop),
        Kind::U64 => number::parse_int::<u64>(text, false).map(drop),
        Kind::I64 => number::parse_int::<i64>(text, true).map(drop),
        Kind::Single | Kind::Double => number::parse_float::<f64>(text).map(drop),
        Kind::Decimal => number::canonical_decimal(text).map(drop),
        Kind::DateTime => date_time::parse(text).map(drop),
        Kind::Duration => duration::parse(text).map(drop),
        Kind::Guid => parse_guid(text).map(drop),
        Kind::Version => parse_version(text).map(drop),
        Kind::Bytes => parse_bytes(text).map(drop),
        Kind::Uri => check_uri(text),
        Kind::XmlDocument => check_xml(text),
        Kind::SecureString => check_secret(text),
        _ => Ok(()),
    }
}

/// What a message calls the content of an element.
pub(crate) fn describe(kind: Kind) -> &'static str {
    match kind {
        Kind::Char => "a UTF-16 unit as a number from 0 to 65535",
        Kind::Bool => "`true` or `false`",
        Kind::Byte => "a number from 0 to 255",
        Kind::SByte => "a number from -128 to 127",
        Kind::U16 => "a number from 0 to 65535",
        Kind::I16 => "a number from -32768 to 32767",
        Kind::U32 => "a number from 0 to 4294967295",
        Kind::I32 => "a number from -2147483648 to 2147483647",
        Kind::U64 => "a number from 0 to 18446744073709551615",
        Kind::I64 => "a number from -9223372036854775808 to 9223372036854775807",
        Kind::Single | Kind::Double => "a decimal number, `NaN`, `INF` or `-INF`",
        Kind::Decimal => "a decimal number of 28 digits at most",
        Kind::DateTime => "a date and time such as `2024-05-01T12:34:56Z`",
        Kind::Duration => "a duration such as `P1DT2H3M4.5S`",
        Kind::Guid => "a GUID such as `6b29fc40-ca47-1067-b31d-00dd010662da`",
        Kind::Version => "a version of two to four numbers such as `1.2.3.4`",
        Kind::Bytes => "base64",
        Kind::Uri => "a URI",
        Kind::XmlDocument => "an XML document without a DTD",
        Kind::SecureString => "an encrypted string in hexadecimal digits",
        _ => "text",
    }
}

// .NET does not look at the bits that the last digit has to spare.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

pub(crate) fn parse_bytes(text: &str) -> Result<Vec<u8>, Misfit> {
    let packed: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .collect();
    BASE64.decode(packed).map_err(|_| Misfit::Form)
}

pub(crate) fn write_bytes(out: &mut String, bytes: &[u8]) {
    BASE64.encode_string(bytes, out);
}

/// Reads a GUID in any of .NET's five forms.
pub(crate) fn parse_guid(text: &str) -> Result<u128, Misfit> {
    let text = text.trim();
    let digits = |text: &str| -> Result<u128, Misfit> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Misfit::Form);
        }
        u128::from_str_radix(text, 16).map_err(|_| Misfit::Form)
    };
    if text.starts_with('{') && text.contains("0x") || text.contains("0X") {
        return parse_guid_fields(text);
    }
    let bare = match text.as_bytes() {
        [b'{', .., b'}'] | [b'(', .., b')'] if text.contains('-') => &text[1..text.len() - 1],
        _ => text,
    };
    if bare.len() == 32 {
        return digits(bare);
    }
    let mut guid = 0u128;
    let mut parts = bare.split('-');
    for length in [8, 4, 4, 4, 12] {
        let part = parts
            .next()
            .filter(|part| part.len() == length)
            .ok_or(Misfit::Form)?;
        guid = guid << (4 * length) | digits(part)?;
    }
    if parts.next().is_some() {
        Err(Misfit::Form)
    } else {
        Ok(guid)
    }
}

/// The form `{0x…,0x…,0x…,{0x…,0x…,0x…,0x…,0x…,0x…,0x…,0x…}}`.
fn parse_guid_fields(text: &str) -> Result<u128, Misfit> {
    let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = packed
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix("}}"))
        .ok_or(Misfit::Form)?;
    let mut fields = inner.split(',');
    let mut guid = 0u128;
    for (at, digits) in [8, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2].into_iter().enumerate() {
        let mut field = fields.next().ok_or(Misfit::Form)?;
        if at == 3 {
            field = field.strip_prefix('{').ok_or(Misfit::Form)?;
        }
        let field = field
            .strip_prefix("0x")
            .or_else(|| field.strip_prefix("0X"))
            .ok_or(Misfit::Form)?;
        if field.is_empty()
            || field.len() > digits
            || !field.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return Err(Misfit::Form);
        }
        guid = guid << (4 * digits) | u128::from_str_radix(field, 16).map_err(|_| Misfit::Form)?;
    }
    if fields.next().is_some() {
        Err(Misfit::Form)
    } else {
        Ok(guid)
    }
}

/// Reads a version: two to four numbers, each of which .NET holds in an `int`.
pub(crate) fn parse_version(text: &str) -> Result<Vec<i32>, Misfit> {
    let parts = text
        .split('.')
        .map(|part| match number::parse_int::<i32>(part, true) {
            Ok(part) if part < 0 => Err(Misfit::Range),
            part => part,
        });
    let parts: Vec<i32> = parts.take(5).collect::<Result<_, _>>()?;
    if (2..=4).contains(&parts.len()) {
        Ok(parts)
    } else {
        Err(Misfit::Form)
    }
}

/// Refuses the absolute URIs that `System.Uri` refuses; anything else is at least a relative one.
fn check_uri(text: &str) -> Result<(), Misfit> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok(());
    };
    let mut scheme = scheme.trim_start().bytes();
    let is_scheme = scheme.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && scheme.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if !is_scheme || text.starts_with("file:") {
        return Ok(());
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let (host, port) = match host.rfind(':') {
        Some(at) if !host[at..].contains(']') => (&host[..at], &host[at + 1..]),
        _ => (host, ""),
    };
    let port_fits = port.is_empty()
        || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok());
    if host.is_empty() || !port_fits {
        Err(Misfit::Form)
    } else {
        Ok(())
    }
}

/// The text of an `XmlDocument` is a document of its own, or nothing. A DTD in it is refused like any other.
fn check_xml(text: &str) -> Result<(), Misfit> {
    use quick_xml::events::Event;
    if text.is_empty() {
        return Ok(());
    }
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let (mut depth, mut roots) = (0usize, 0usize);
    loop {
        match reader.read_event().map_err(|_| Misfit::Form)? {
            Event::Start(_) => {
                roots += usize::from(depth == 0);
                depth += 1;
            }
            Event::Empty(_) => roots += usize::from(depth == 0),
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) if depth == 0 && !crate::clixml::lexical::xml::is_blank(&text) => {
                return Err(Misfit::Form);
            }
            Event::CData(_) | Event::GeneralRef(_) if depth == 0 => return Err(Misfit::Form),
            Event::DocType(_) => return Err(Misfit::Form),
            Event::Eof => break,
            _ => {}
        }
    }
    if depth == 0 && roots == 1 {
        Ok(())
    } else {
        Err(Misfit::Form)
    }
}

fn check_secret(text: &str) -> Result<(), Misfit> {
    let hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text.is_empty() || !text.len().is_multiple_of(2) || !hexadecimal {
        Err(Misfit::Form)
    } else {
        Ok(())
    }
}
