//! `System.Byte[]` as base64.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::invalid::InvalidText;

// .NET ignores the unused bits of the last digit.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

pub(crate) fn parse(text: &str) -> Result<Vec<u8>, InvalidText> {
    let packed: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .collect();
    BASE64.decode(packed).map_err(|_| InvalidText::Syntax)
}

pub(crate) fn write(out: &mut String, bytes: &[u8]) {
    BASE64.encode_string(bytes, out);
}
