//! The content of a start tag.

use std::borrow::Cow;

use super::namespaces::Namespaces;
use crate::clixml::base::error::Error;
use crate::clixml::base::truncate::truncate;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::{Decoded, decode_attribute};
use crate::clixml::lexical::number::parse_int;
use crate::clixml::lexical::xml;

#[derive(Debug)]
pub(crate) struct Tag<'de> {
    pub(crate) local: &'de str,
    pub(crate) kind: Option<Kind>,
    /// Whether it is in PowerShell's namespace.
    pub(crate) powershell: bool,
    /// The value of `N`, not decoded.
    pub(crate) name: Option<&'de str>,
    pub(crate) name_offset: usize,
    /// The value of `S`, and its offset.
    pub(crate) stream: Option<(&'de str, usize)>,
    ref_id: Option<&'de str>,
    version: Option<&'de str>,
}

impl<'de> Tag<'de> {
    pub(crate) fn parse(
        content: &'de str,
        offset: usize,
        namespaces: &mut Namespaces<'de>,
    ) -> Result<Self, Error> {
        let length = xml::name(content, offset + 1)?;
        let (name, rest) = content.split_at(length);
        let mut tag = Tag {
            local: name,
            kind: None,
            powershell: false,
            name: None,
            name_offset: 0,
            stream: None,
            ref_id: None,
            version: None,
        };
        if !rest.is_empty() {
            xml::attributes(rest, offset + 1 + length, |attribute| {
                match attribute.name {
                    "N" => {
                        tag.name = Some(attribute.value);
                        tag.name_offset = attribute.offset;
                    }
                    "S" => tag.stream = Some((attribute.value, attribute.offset)),
                    "RefId" => tag.ref_id = Some(attribute.value),
                    "Version" => tag.version = Some(attribute.value),
                    "xmlns" => namespaces.declare("", attribute.value, attribute.offset)?,
                    name => {
                        if let Some(prefix) = name.strip_prefix("xmlns:") {
                            namespaces.declare(prefix, attribute.value, attribute.offset)?;
                        }
                    }
                }
                Ok(())
            })?;
            namespaces.check_prefixes(rest, offset + 1 + length)?;
        }
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        tag.local = local;
        tag.kind = Kind::of(local.as_bytes());
        tag.powershell = namespaces.is_powershell(prefix, offset)?;
        Ok(tag)
    }

    /// The `RefId`, which a reference must have.
    pub(crate) fn ref_id(&self, offset: usize) -> Result<Cow<'de, str>, Error> {
        self.id().ok_or_else(|| {
            Error::clixml(
                offset,
                "a reference needs the id of its target; write `RefId=\"…\"`",
            )
        })
    }

    pub(crate) fn id(&self) -> Option<Cow<'de, str>> {
        self.ref_id.map(|raw| match decode_attribute(raw, false) {
            Decoded::Str(id) => id,
            Decoded::Utf16(units) => String::from_utf16_lossy(&units).into(),
        })
    }

    /// Checks the version of the root element; returns whether to skip unknown elements of a later minor version.
    pub(crate) fn check_version(&self, offset: usize) -> Result<bool, Error> {
        let Some(version) = self.version else {
            return Ok(false);
        };
        let parts: Option<Vec<i32>> = version
            .split('.')
            .take(5)
            .map(|part| parse_int::<i32>(part, true).ok().filter(|part| *part >= 0))
            .collect();
        match parts.as_deref() {
            Some([1, minor, ..]) if parts.as_ref().is_some_and(|parts| parts.len() <= 4) => {
                Ok(*minor > 1)
            }
            _ => {
                let found = truncate(version);
                Err(Error::clixml(
                    offset,
                    format!("expected a document of version 1, such as `1.1.0.1`, found `{found}`"),
                ))
            }
        }
    }
}
