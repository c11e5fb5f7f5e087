//! `System.Security.SecureString`.

use std::fmt;

use super::text_type::text_type;
use crate::clixml::lexical::secure_string;

/// `System.Security.SecureString` in the form of the document: encrypted on Windows, plain hexadecimal elsewhere.
///
/// It is never decoded, and its `Debug` output does not show the content.
///
/// ```
/// use kr_runtime::clixml::SecureString;
///
/// let secret: SecureString = "7000610073007300".parse()?;
/// assert_eq!(format!("{secret:?}"), "SecureString(…)");
/// assert_eq!(secret.expose_digits(), "7000610073007300");
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SecureString(Box<str>);

impl SecureString {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        secure_string::check(text).ok()?;
        Some(SecureString(text.into()))
    }

    /// The hexadecimal digits of the document. On Linux and macOS they are the unencrypted secret.
    ///
    /// ```
    /// # let secret: kr_runtime::clixml::SecureString = "7000".parse()?;
    /// assert_eq!(secret.expose_digits(), "7000");
    /// # Ok::<(), kr_runtime::clixml::Error>(())
    /// ```
    #[must_use]
    pub fn expose_digits(&self) -> &str {
        &self.0
    }

    fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecureString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecureString(…)")
    }
}

text_type!(SecureString, SecureString);
