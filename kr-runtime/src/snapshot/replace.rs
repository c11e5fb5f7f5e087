//! Replaces a file atomically.
//!
//! The new content goes into a temporary file in the same folder, which is made durable and renamed. Whoever is killed
//! in between leaves that file behind; the next save of the same file removes it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Writes a temporary file in the same folder, syncs it, renames it, and syncs the folder. Without the last step a
/// power cut can undo the rename.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_by(path, false, |file| file.write_all(bytes), |_| Ok(()))
}

/// As [`replace`], with a function that writes, and one that has a last look at the old file when the new one is durable. A
/// new file that is private can be read by its owner alone.
pub(super) fn replace_by(
    path: &Path,
    is_private: bool,
    write: impl FnOnce(&mut File) -> io::Result<()>,
    before: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<()> {
    let target = follow(path)?;
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let prefix = prefix(target.file_name().unwrap_or_default());
    remove_abandoned(folder, &prefix);
    let mut file = create_locked(folder, &prefix, is_private || target.exists())?;
    write(file.as_file_mut())?;
    keep_access(&target, file.as_file())?;
    file.as_file().sync_all()?;
    before(&target)?;
    file.persist(&target)?;
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The file that a path means. A symbolic link is followed, also one to a file that does not exist yet.
fn follow(path: &Path) -> io::Result<PathBuf> {
    // As many as Linux follows.
    const MAX_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            // A relative link starts at the folder that it is in.
            Ok(link) => {
                path = path
                    .parent()
                    .map_or_else(|| link.clone(), |folder| folder.join(&link));
            }
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

const SUFFIX: &str = ".tmp";
/// The number of random characters in the name of a temporary file.
const RANDOM: usize = 6;

/// The start of the names of the temporary files for one target. It has the same length for each target, so none is the
/// start of another.
fn prefix(target: &OsStr) -> String {
    // FNV-1a: short, and the same in each version of this crate.
    let hash = target
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!(".kr-snapshot-{hash:016x}-")
}

/// Creates a temporary file and locks it, so that no other save takes it for an abandoned one.
#[cfg_attr(not(unix), allow(unused_variables, reason = "only Unix has modes"))]
fn create_locked(folder: &Path, prefix: &str, replaces: bool) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(SUFFIX).rand_bytes(RANDOM);
    // A document gets the permissions of any new file. One that replaces another is private until it has the mode of
    // that one, so nobody else reads it in between.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = if replaces { 0o600 } else { 0o666 };
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    loop {
        let file = builder.tempfile_in(folder)?;
        // A file system without locks has no abandoned files removed, either.
        let locked = file.as_file().lock().is_ok();
        // Another save may have removed the file before it was locked.
        if !locked || file.path().exists() {
            return Ok(file);
        }
    }
}

/// Removes what saves of this target left behind when they were killed. A living process holds the lock of its file, and
/// the lock goes when the process ends.
fn remove_abandoned(folder: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| {
            name.len() == prefix.len() + RANDOM + SUFFIX.len()
                && name.starts_with(prefix)
                && name.ends_with(SUFFIX)
        });
        if ours
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            && let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            // If this fails, the next save tries it again.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Gives the new file the owner, the group and the mode of the file that it replaces, whatever the umask.
#[cfg(unix)]
fn keep_access(target: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let Ok(old) = fs::metadata(target) else {
        return Ok(());
    };
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        // Only root may give a file away; a group may be chosen from one's own. What is not allowed stays as it is:
        // a state that is not saved is worse.
        let _ = fchown(file, None, Some(old.gid()));
        let _ = fchown(file, Some(old.uid()), None);
    }
    file.set_permissions(fs::Permissions::from_mode(
        old.permissions().mode() & 0o7777,
    ))
}

#[cfg(not(unix))]
fn keep_access(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}
