//! How many connections are open.

#[cfg(feature = "operations")]
use crate::operations::Connections;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// How many connections are open, and how many may be.
#[derive(Clone)]
pub(super) struct OpenConnections {
    open: Arc<AtomicUsize>,
    limit: usize,
    /// How many clients were turned away.
    refused: Arc<AtomicU64>,
}

/// A connection that counts while it is open.
pub(super) struct OpenConnection(Arc<AtomicUsize>);

impl OpenConnections {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            open: Arc::default(),
            limit,
            refused: Arc::default(),
        }
    }

    /// A client was turned away.
    pub(super) fn refuse(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    /// For those who operate the application.
    #[cfg(feature = "operations")]
    pub(super) fn counted(&self) -> Connections {
        Connections {
            open: Arc::clone(&self.open),
            refused: Arc::clone(&self.refused),
        }
    }

    /// Counts another connection, unless there are enough.
    pub(super) fn open(&self) -> Option<OpenConnection> {
        if self.open.fetch_add(1, Relaxed) < self.limit {
            return Some(OpenConnection(Arc::clone(&self.open)));
        }
        self.open.fetch_sub(1, Relaxed);
        None
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}
