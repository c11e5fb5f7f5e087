//! The parts of XML's grammar that quick-xml leaves to its users, checked as .NET's reader checks them.

use crate::clixml::base::error::Error;
use crate::clixml::base::truncate::truncate;

pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(is_space)
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || byte >= 0x80
}

fn is_name_byte(byte: u8) -> bool {
    is_name_start(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.')
}

/// The length of the name at the start of `text`, or an error if there is none.
pub(crate) fn name(text: &str, offset: usize) -> Result<usize, Error> {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(byte) if is_name_start(*byte) => {}
        _ => {
            return Err(Error::xml(
                offset,
                format!("expected a name, found {}", found(text)),
            ));
        }
    }
    let length = bytes
        .iter()
        .position(|byte| !is_name_byte(*byte))
        .unwrap_or(bytes.len());
    match text[..length].split_once(':') {
        Some((prefix, local)) if prefix.is_empty() || local.is_empty() || local.contains(':') => {
            Err(Error::xml(
                offset,
                format!(
                    "expected a name with at most one prefix, found `{}`",
                    truncate(&text[..length])
                ),
            ))
        }
        _ => Ok(length),
    }
}

fn found(text: &str) -> String {
    match text.chars().next() {
        Some(character) => format!("{character:?}"),
        None => "the end of the tag".into(),
    }
}

/// One attribute, with its raw value.
pub(crate) struct Attribute<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    /// Where the value starts in the document.
    pub(crate) offset: usize,
}

/// Calls `visit` for each attribute in the part of a tag after its name.
pub(crate) fn attributes<'a>(
    text: &'a str,
    offset: usize,
    mut visit: impl FnMut(Attribute<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    // PowerShell writes far fewer, and the check for duplicates compares all pairs.
    const MAX: usize = 64;
    let mut names: Vec<&str> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let spaced = skip_space(bytes, &mut at);
        if at == bytes.len() {
            return Ok(());
        }
        if !spaced {
            return Err(Error::xml(
                offset + at,
                format!("expected white space, found {}", found(&text[at..])),
            ));
        }
        let length = name(&text[at..], offset + at)?;
        let name = &text[at..at + length];
        if names.contains(&name) {
            return Err(Error::xml(
                offset + at,
                format!("the attribute `{}` stands here twice", truncate(name)),
            ));
        }
        if names.len() == MAX {
            return Err(Error::limit(
                offset + at,
                format!("more than {MAX} attributes on one element"),
            ));
        }
        names.push(name);
        at += length;
        skip_space(bytes, &mut at);
        if bytes.get(at) != Some(&b'=') {
            return Err(Error::xml(
                offset + at,
                format!(
                    "expected `=` after the attribute's name, found {}",
                    found(&text[at..])
                ),
            ));
        }
        at += 1;
        skip_space(bytes, &mut at);
        let quote = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => *quote,
            _ => {
                return Err(Error::xml(
                    offset + at,
                    format!("expected a quoted value, found {}", found(&text[at..])),
                ));
            }
        };
        at += 1;
        let Some(length) = memchr::memchr(quote, &bytes[at..]) else {
            return Err(Error::xml(
                offset + at,
                "the attribute's value is not closed",
            ));
        };
        let value = &text[at..at + length];
        check_value(value, offset + at)?;
        visit(Attribute {
            name,
            value,
            offset: offset + at,
        })?;
        at += length + 1;
    }
}

fn skip_space(bytes: &[u8], at: &mut usize) -> bool {
    let start = *at;
    while bytes.get(*at).is_some_and(|byte| is_space(*byte)) {
        *at += 1;
    }
    *at > start
}

fn check_value(value: &str, offset: usize) -> Result<(), Error> {
    if let Some(at) = memchr::memchr(b'<', value.as_bytes()) {
        return Err(Error::xml(
            offset + at,
            "`<` is not allowed in an attribute's value; write `&lt;`",
        ));
    }
    check_characters(value, offset)?;
    for at in memchr::memchr_iter(b'&', value.as_bytes()) {
        let rest = &value[at + 1..];
        let Some(end) = rest.find(';') else {
            return Err(Error::xml(
                offset + at,
                "`&` starts a reference that `;` does not end; write `&amp;`",
            ));
        };
        check_reference(&rest[..end], offset + at)?;
    }
    Ok(())
}

/// Checks the text between `&` and `;`.
pub(crate) fn check_reference(name: &str, offset: usize) -> Result<(), Error> {
    if reference(name).is_some() {
        return Ok(());
    }
    let name = truncate(name);
    Err(Error::xml(
        offset,
        format!("`&{name};` is no reference that CLIXML knows; write `&amp;` for an ampersand"),
    ))
}

/// The code point of a reference: one of XML's five names, or a number. It may be an unpaired surrogate.
pub(crate) fn reference(name: &str) -> Option<u32> {
    let number = match name {
        "lt" => return Some('<' as u32),
        "gt" => return Some('>' as u32),
        "amp" => return Some('&' as u32),
        "quot" => return Some('"' as u32),
        "apos" => return Some('\'' as u32),
        _ => name.strip_prefix('#')?,
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` takes a sign, which XML does not.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, radix)
        .ok()
        .filter(|code| *code <= 0x10_FFFF)
}

/// Checks that raw text holds no character that XML forbids.
pub(crate) fn check_characters(text: &str, offset: usize) -> Result<(), Error> {
    let bytes = text.as_bytes();
    // Nearly all texts are valid. One pass without branches finds them.
    let suspect = bytes.iter().fold(false, |suspect, byte| {
        suspect | (*byte < 0x20) | (*byte == 0xEF)
    });
    if !suspect {
        return Ok(());
    }
    for (at, character) in text.char_indices() {
        if matches!(character, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
        {
            let code = character as u32;
            return Err(Error::xml(
                offset + at,
                format!("the character U+{code:04X} is not allowed here; write `_x{code:04X}_`"),
            ));
        }
    }
    Ok(())
}

/// Checks a run of character data.
pub(crate) fn check_text(text: &str, offset: usize) -> Result<(), Error> {
    if let Some(at) = memchr::memmem::find(text.as_bytes(), b"]]>") {
        return Err(Error::xml(
            offset + at,
            "`]]>` is not allowed in text; write `]]&gt;`",
        ));
    }
    check_characters(text, offset)
}

/// Checks an XML declaration: version 1.0, then perhaps an encoding, then perhaps standalone.
pub(crate) fn check_declaration(text: &str, offset: usize) -> Result<(), Error> {
    let mut step = 0;
    attributes(text, offset, |attribute| {
        let (own, valid) = match attribute.name {
            "version" => (1, attribute.value == "1.0"),
            "encoding" => (2, is_encoding(attribute.value)),
            "standalone" => (3, matches!(attribute.value, "yes" | "no")),
            _ => (0, false),
        };
        if !valid || own <= step || (step == 0 && own != 1) {
            let name = truncate(attribute.name);
            return Err(Error::xml(
                attribute.offset,
                format!("`{name}` in the XML declaration is not valid"),
            ));
        }
        step = own;
        Ok(())
    })?;
    if step == 0 {
        Err(Error::xml(offset, "the XML declaration has no version"))
    } else {
        Ok(())
    }
}

fn is_encoding(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}
