//! The XML namespaces in scope, and which prefix means PowerShell's.

use std::borrow::Cow;

use crate::clixml::base::error::Error;
use crate::clixml::base::format::NAMESPACE;
use crate::clixml::base::truncate::truncate;
use crate::clixml::lexical::decode::{Decoded, decode_attribute};
use crate::clixml::lexical::xml;

#[derive(Default)]
pub(crate) struct Namespaces<'de> {
    declarations: Vec<Declaration<'de>>,
    /// Whether elements without a prefix are PowerShell's. Most documents use no other.
    default_is_powershell: bool,
}

struct Declaration<'de> {
    prefix: &'de str,
    uri: Cow<'de, str>,
}

impl<'de> Namespaces<'de> {
    pub(crate) fn len(&self) -> usize {
        self.declarations.len()
    }

    pub(crate) fn default_is_powershell(&self) -> bool {
        self.default_is_powershell
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        if self.declarations.len() > length {
            self.declarations.truncate(length);
            self.update_default();
        }
    }

    pub(crate) fn declare(
        &mut self,
        prefix: &'de str,
        raw: &'de str,
        offset: usize,
    ) -> Result<(), Error> {
        // Finding a prefix searches all declarations in scope.
        const MAX: usize = 64;
        if self.declarations.len() == MAX {
            return Err(Error::limit(
                offset,
                format!("more than {MAX} namespaces are declared at one place"),
            ));
        }
        let uri = match decode_attribute(raw, false) {
            Decoded::Str(uri) => uri,
            Decoded::Utf16(units) => String::from_utf16_lossy(&units).into(),
        };
        const XML: &str = "http://www.w3.org/XML/1998/namespace";
        let reserved = prefix == "xmlns"
            || uri == "http://www.w3.org/2000/xmlns/"
            || (prefix == "xml") != (uri == XML);
        if reserved || (!prefix.is_empty() && uri.is_empty()) {
            return Err(Error::xml(
                offset,
                format!(
                    "the prefix `{}` cannot be declared like this",
                    truncate(prefix)
                ),
            ));
        }
        self.declarations.push(Declaration { prefix, uri });
        self.update_default();
        Ok(())
    }

    fn update_default(&mut self) {
        self.default_is_powershell = self.find("").is_some_and(|uri| uri == NAMESPACE);
    }

    fn find(&self, prefix: &str) -> Option<&str> {
        self.declarations
            .iter()
            .rev()
            .find(|declaration| declaration.prefix == prefix)
            .map(|found| &*found.uri)
    }

    pub(crate) fn is_powershell(&self, prefix: &str, offset: usize) -> Result<bool, Error> {
        if prefix.is_empty() {
            return Ok(self.default_is_powershell);
        }
        match self.find(prefix) {
            Some(uri) => Ok(uri == NAMESPACE),
            None if prefix == "xml" => Ok(false),
            None => Err(Error::xml(
                offset,
                format!("the prefix `{}` is not declared", truncate(prefix)),
            )),
        }
    }

    /// Checks that every prefix of an attribute is declared.
    pub(crate) fn check_prefixes(&self, attributes: &str, offset: usize) -> Result<(), Error> {
        if memchr::memchr(b':', attributes.as_bytes()).is_none() {
            return Ok(());
        }
        xml::attributes(attributes, offset, |attribute| {
            match attribute.name.split_once(':') {
                Some((prefix, _)) if !matches!(prefix, "xmlns" | "xml") => {
                    self.is_powershell(prefix, attribute.offset).map(drop)
                }
                _ => Ok(()),
            }
        })
    }
}
