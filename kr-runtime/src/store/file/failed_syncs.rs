//! A sync that has failed, remembered beyond the end of the process.
//!
//! After a failed sync the system takes pages for written that never reached the disk, and goes on to show them to whoever
//! reads the file. A process that starts later on the same machine would read, and answer, what the disk does not have. So
//! the failure is noted beside the file, and whoever opens the file next makes the system forget its pages first.
//!
//! The note itself need not be durable: when the machine starts again, what the system had in its cache is gone as well.

use super::super::StoreError;
use crate::sync::log;
use std::fmt::Debug;
use std::io;
use std::path::Path;

/// Where it is noted that a sync has failed, and what makes the system read the file from the disk again.
#[doc(hidden)]
pub trait FailedSyncs: Debug + Send + Sync {
    /// Notes that a sync of the file has failed.
    ///
    /// # Errors
    /// Why that cannot be noted.
    fn note(&self) -> io::Result<()>;

    /// Whether that was noted, also by an earlier process, and not forgotten since.
    ///
    /// # Errors
    /// Why that is not known.
    fn is_noted(&self) -> io::Result<bool>;

    /// Makes the system write what it has still to write, and drop its pages of the file.
    ///
    /// # Errors
    /// Why its pages cannot be trusted still.
    fn drop_pages(&self) -> io::Result<()>;

    /// The pages were dropped.
    ///
    /// # Errors
    /// Why that cannot be noted.
    fn forget(&self) -> io::Result<()>;
}

/// Sees to it that what is read of the file from now on is what the disk has. Called before the file is opened.
pub(super) fn read_from_disk(path: &Path, failed: &dyn FailedSyncs) -> Result<(), StoreError> {
    let dropped = (|| {
        if !failed.is_noted()? {
            return Ok(false);
        }
        failed.drop_pages()?;
        failed.forget()?;
        Ok(true)
    })();
    if dropped.map_err(|error| StoreError::io(path, &error))? {
        log::warn!(
            path = %path.display(),
            "the disk did not confirm a change of the store before the last stop; the system's cache of the file was dropped, \
             and the file is read from the disk again"
        );
    }
    Ok(())
}

/// Notes that a sync has failed, or says why it cannot.
pub(super) fn note(failed: &dyn FailedSyncs) {
    if let Err(error) = failed.note() {
        log::error!(
            %error,
            "the disk has not confirmed a change of the store, and that cannot be noted beside the file; start the machine again, \
             not only the program"
        );
    }
}
