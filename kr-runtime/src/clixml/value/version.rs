//! `System.Version`.

use super::text_type::{text_display, text_type};
use crate::clixml::lexical::version;

/// `System.Version`: two to four numbers.
///
/// ```
/// use kr_runtime::clixml::Version;
///
/// let version: Version = "7.6.9".parse()?;
/// assert_eq!((version.major, version.minor, version.build, version.revision), (7, 6, Some(9), None));
/// # Ok::<(), kr_runtime::clixml::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
    /// The third number, if there is one.
    pub build: Option<u32>,
    /// The fourth number; without a third one it is not written.
    pub revision: Option<u32>,
}

impl Version {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts = version::parse(text).ok()?;
        let part = |at: usize| parts.get(at).map(|part| part.unsigned_abs());
        Some(Version {
            major: part(0)?,
            minor: part(1)?,
            build: part(2),
            revision: part(3),
        })
    }

    fn text(self) -> String {
        let mut text = format!("{}.{}", self.major, self.minor);
        for part in [self.build, self.build.and(self.revision)]
            .into_iter()
            .flatten()
        {
            text.push_str(&format!(".{part}"));
        }
        text
    }
}

text_display!(Version);
text_type!(Version, Version);
