//! Whether the path still leads to the file that is open: a file that was removed can be written as before, and nobody would
//! ever find again what is in it.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The file that is open, told from any other one that may be at its path.
#[derive(Debug)]
pub(super) struct Presence {
    path: PathBuf,
    identity: OnceLock<Identity>,
}

/// The device, and the number of the file on it.
type Identity = (u64, u64);

impl Presence {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            identity: OnceLock::new(),
        }
    }

    /// Whether the path leads to the file that it led to at first.
    ///
    /// # Errors
    /// What has become of it, and what to do.
    pub(super) fn check(&self) -> Result<(), String> {
        let reason = match fs::metadata(&self.path) {
            Ok(found) if self.is_same(&found) => return Ok(()),
            Ok(_) => "another file was put in its place".to_owned(),
            Err(error) => format!("it was removed or moved away ({error})"),
        };
        let path = self.path.display();
        Err(format!(
            "{path}: {reason} while this program has it open; put it back, or stop the program first"
        ))
    }

    fn is_same(&self, found: &Metadata) -> bool {
        let found = identity(found);
        *self.identity.get_or_init(|| found) == found
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

/// Where a file that is open cannot be removed.
#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> Identity {
    (0, 0)
}
