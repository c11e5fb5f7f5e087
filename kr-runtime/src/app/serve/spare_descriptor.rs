//! A descriptor that is kept for the time when there are no others.

use std::fs::File;

const ALWAYS_THERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// An open file that is closed to accept a connection when the process may open no more files.
pub(super) struct SpareDescriptor(Option<File>);

impl SpareDescriptor {
    pub(super) fn new() -> Self {
        Self(File::open(ALWAYS_THERE).ok())
    }

    /// Makes room for one descriptor. False if there was none to spare.
    pub(super) fn give_up(&mut self) -> bool {
        self.0.take().is_some()
    }

    pub(super) fn get_back(&mut self) {
        if self.0.is_none() {
            *self = Self::new();
        }
    }
}
