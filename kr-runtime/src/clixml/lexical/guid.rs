//! `System.Guid` in each of the forms that .NET reads.

use super::invalid::InvalidText;

/// Reads a GUID in any of .NET's five forms.
pub(crate) fn parse(text: &str) -> Result<u128, InvalidText> {
    let text = text.trim();
    let digits = |text: &str| -> Result<u128, InvalidText> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidText::Syntax);
        }
        u128::from_str_radix(text, 16).map_err(|_| InvalidText::Syntax)
    };
    if text.starts_with('{') && text.contains("0x") || text.contains("0X") {
        return parse_fields(text);
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
            .ok_or(InvalidText::Syntax)?;
        guid = guid << (4 * length) | digits(part)?;
    }
    if parts.next().is_some() {
        Err(InvalidText::Syntax)
    } else {
        Ok(guid)
    }
}

/// The form `{0x…,0x…,0x…,{0x…,0x…,0x…,0x…,0x…,0x…,0x…,0x…}}`.
fn parse_fields(text: &str) -> Result<u128, InvalidText> {
    let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = packed
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix("}}"))
        .ok_or(InvalidText::Syntax)?;
    let mut fields = inner.split(',');
    let mut guid = 0u128;
    for (at, digits) in [8, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2].into_iter().enumerate() {
        let mut field = fields.next().ok_or(InvalidText::Syntax)?;
        if at == 3 {
            field = field.strip_prefix('{').ok_or(InvalidText::Syntax)?;
        }
        let field = field
            .strip_prefix("0x")
            .or_else(|| field.strip_prefix("0X"))
            .ok_or(InvalidText::Syntax)?;
        if field.is_empty()
            || field.len() > digits
            || !field.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            return Err(InvalidText::Syntax);
        }
        guid = guid << (4 * digits)
            | u128::from_str_radix(field, 16).map_err(|_| InvalidText::Syntax)?;
    }
    if fields.next().is_some() {
        Err(InvalidText::Syntax)
    } else {
        Ok(guid)
    }
}
