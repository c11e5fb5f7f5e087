//! A batch that still takes commits, and holds the rows that they change.

use crate::store::CommitError;
use crate::store::log_entry::LogEntry;
use crate::sync::{Mutex, MutexGuard};
use std::mem;
use std::sync::{Arc, PoisonError};
use tokio::sync::Notify;

/// A batch that still takes commits, and holds the rows that they change.
pub(crate) struct OpenBatch {
    state: Mutex<State>,
    /// How many calls may enter.
    most: usize,
    /// Nobody uses the batch any more.
    is_idle: Notify,
}

#[derive(Default)]
struct State {
    entries: Vec<LogEntry>,
    /// The calls that have the rows now.
    users: usize,
    /// The calls that have had them.
    entered: usize,
    /// Why it takes no more calls or commits.
    closed: Option<Closed>,
}

enum Closed {
    /// It is about to be written.
    Full,
    /// The rows are no longer locked.
    Lost(String),
}

/// Rows that are locked for a call. Dropping it says that the call has committed, or will not.
pub(crate) struct RowLocks(Arc<OpenBatch>);

impl OpenBatch {
    /// A batch that this many calls may enter.
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            most,
            is_idle: Notify::new(),
        })
    }

    /// Lets a call have the rows, unless the batch takes no more.
    pub(crate) fn enter(self: &Arc<Self>) -> Option<RowLocks> {
        let mut state = self.state();
        if state.closed.is_some() || state.entered >= self.most {
            return None;
        }
        state.users += 1;
        state.entered += 1;
        Some(RowLocks(Arc::clone(self)))
    }

    /// Adds a commit. Only a call that has the rows makes one.
    pub(crate) fn append(&self, entry: LogEntry) -> Result<(), CommitError> {
        let mut state = self.state();
        if let Some(Closed::Lost(reason)) = &state.closed {
            let reason = reason.clone();
            return Err(CommitError::NotWritten { reason });
        }
        state.entries.push(entry);
        Ok(())
    }

    /// Lets no more calls in. Those that have the rows go on.
    pub(crate) fn close(&self) {
        self.state().closed.get_or_insert(Closed::Full);
        self.is_idle.notify_one();
    }

    /// The rows are no longer locked: what would be committed now is refused.
    pub(crate) fn lose(&self, reason: String) {
        self.state().closed = Some(Closed::Lost(reason));
    }

    /// Whether it lets no more calls in.
    pub(crate) fn is_closed(&self) -> bool {
        let state = self.state();
        state.closed.is_some() || state.entered >= self.most
    }

    /// Whether no call has the rows.
    pub(crate) fn is_idle(&self) -> bool {
        self.state().users == 0
    }

    /// Waits until no call has the rows, or the batch was closed. It may end early.
    pub(crate) async fn changed(&self) {
        self.is_idle.notified().await;
    }

    /// The commits so far.
    pub(crate) fn take_entries(&self) -> Vec<LogEntry> {
        mem::take(&mut self.state().entries)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenBatch {
    /// Nobody waits for ever: a batch that nobody ends was ended by a panic, or by the end of the store.
    fn drop(&mut self) {
        for entry in self.take_entries() {
            let reason = "the store has ended before it said".to_owned();
            entry.end(Err(CommitError::Unknown { reason }));
        }
    }
}

impl Drop for RowLocks {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.users -= 1;
        let is_idle = state.users == 0;
        drop(state);
        if is_idle {
            self.0.is_idle.notify_one();
        }
    }
}
