//! Whether the path still leads to the file that is open: a file that was removed can be written as before, and nobody would
//! ever find again what is in it.

#[cfg(not(target_os = "linux"))]
use std::fs;
use std::io;
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
        let reason = match identity(&self.path) {
            Ok(found) if self.is_same(found) => return Ok(()),
            Ok(_) => "another file was put in its place".to_owned(),
            Err(error) => format!("it was removed or moved away ({error})"),
        };
        let path = self.path.display();
        Err(format!(
            "{path}: {reason} while this program has it open; put it back, or stop the program first"
        ))
    }

    fn is_same(&self, found: Identity) -> bool {
        *self.identity.get_or_init(|| found) == found
    }
}

/// Asks for the number alone. Who asks for the time of the last change, as `std` does, makes the system keep it exactly: then
/// each write changes it, and each sync writes it to the disk.
#[cfg(target_os = "linux")]
fn identity(path: &Path) -> io::Result<Identity> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, makedev, statx};
    let found = statx(CWD, path, AtFlags::empty(), StatxFlags::INO)?;
    Ok((
        makedev(found.stx_dev_major, found.stx_dev_minor),
        found.stx_ino,
    ))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn identity(path: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let found = fs::metadata(path)?;
    Ok((found.dev(), found.ino()))
}

/// Where a file that is open cannot be removed.
#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<Identity> {
    fs::metadata(path).map(|_| (0, 0))
}
