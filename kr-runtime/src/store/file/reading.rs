//! Reads that fail without harm.
//!
//! redb takes nothing more from a disk that has failed to read a page, so one bad sector would hide every row that is not in
//! memory. A read that only looks is therefore interrupted on its way through redb, which hears nothing of it. Whoever writes
//! gets the error as it is: after that the file is opened again.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

thread_local! {
    /// Whether this thread only looks.
    static IS_READING: Cell<bool> = const { Cell::new(false) };
}

/// What interrupts a read.
struct Interrupted(io::Error);

/// Runs what only looks into the file.
///
/// # Errors
/// Why the file could not be read.
pub(super) fn read<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let before = IS_READING.replace(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    IS_READING.set(before);
    read.unwrap_or_else(|panic| {
        Err(match panic.downcast::<Interrupted>() {
            Ok(interrupted) => interrupted.0.to_string(),
            // redb panics where a damaged file surprises it.
            Err(_) => {
                "the file is damaged: its tables contradict each other; restore a backup".to_owned()
            }
        })
    })
}

/// A read of the disk has failed.
pub(super) fn failed(error: io::Error) -> io::Error {
    if cfg!(panic = "unwind") && IS_READING.get() {
        resume_unwind(Box::new(Interrupted(error)));
    }
    error
}
