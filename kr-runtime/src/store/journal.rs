//! Group commit: the commits that wait for a store, written in batches.
//!
//! Commits are appended in the order in which their locks were released. One thread takes all that wait, writes them as
//! one batch, and makes each visible in turn; meanwhile the next ones gather:
//!
//! ```text
//! lock a   c1 ── c3 ── c4          each commit starts from the value that the one before left,
//! lock b   c2 ─┬ c3                durable or not; c3 holds both locks
//!          ────┼───────────
//! batches  c1 c2 │ c3 c4           one write each; readers see c1 and c2 when the first is written
//! ```
//!
//! If a batch fails, its commits are dropped, and so is every later one that started from a value that one of them left:
//! without c1, c3 and c4 go, too. Others are written as if nothing had happened.

use super::CommitError;
use super::commit_status::{Bases, CommitStatus};
use super::engine::{CommitRecord, Engine, WriteError};
use crate::sync::log;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use tokio::sync::oneshot;

/// A commit that waits for the store.
pub(crate) struct LogEntry {
    pub(crate) status: Arc<CommitStatus>,
    /// The commits that it started from, as far as they were not durable then.
    pub(crate) bases: Bases,
    pub(crate) record: CommitRecord,
    pub(crate) effect: Box<dyn Effect>,
}

/// What a commit does once its outcome is known.
pub(crate) trait Effect: Send {
    /// The commit is durable: readers see it from now on, under all of its locks at one moment.
    fn publish(self: Box<Self>, record: CommitRecord);

    /// The commit is dropped: what its locks' next holders start from is the last durable value.
    fn discard(self: Box<Self>, record: CommitRecord);
}

/// The commits that wait for a store. The thread that writes them ends when the last handle is dropped.
pub(crate) struct Journal {
    messages: Mutex<Sender<Message>>,
}

enum Message {
    Commit(LogEntry),
    Flush(oneshot::Sender<()>),
}

impl Journal {
    /// # Panics
    /// If the system gives no thread.
    pub(crate) fn start(engine: impl Engine) -> Arc<Self> {
        let (sender, messages) = mpsc::channel();
        let writer = Writer {
            engine,
            closed: None,
        };
        let thread = thread::Builder::new().name("kr-store".to_owned());
        thread
            .spawn(move || writer.run(&messages))
            .expect("a thread for the store");
        Arc::new(Self {
            messages: Mutex::new(sender),
        })
    }

    /// Appends a commit. Called while the entries of all its locks are locked, so that the order of commits under each
    /// lock is their order here.
    pub(crate) fn append(&self, entry: LogEntry) -> Result<(), CommitError> {
        let sent = self.sender().send(Message::Commit(entry));
        sent.map_err(|_| CommitError::Closed {
            reason: "the store has stopped".to_owned(),
        })
    }

    /// Waits until everything that was appended so far is durable or dropped.
    pub(crate) async fn flush(&self) {
        let (sender, flushed) = oneshot::channel();
        // An error says that the writer is gone, which leaves nothing to wait for.
        if self.sender().send(Message::Flush(sender)).is_ok() {
            let _ = flushed.await;
        }
    }

    fn sender(&self) -> MutexGuard<'_, Sender<Message>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LogEntry {
    /// Makes the commit visible, or drops it, and tells those who wait for it.
    fn end(self, outcome: Result<(), CommitError>) {
        let Self {
            status,
            record,
            effect,
            ..
        } = self;
        // Whoever hears of the outcome finds it done, and nothing left of the commit in the journal.
        let is_kept = outcome.is_ok();
        let done = catch_unwind(AssertUnwindSafe(|| match is_kept {
            true => effect.publish(record),
            false => effect.discard(record),
        }));
        status.end(outcome);
        if done.is_err() {
            log::error!("a panic while a replaced or dropped value was freed");
        }
    }
}

struct Writer<E> {
    engine: E,
    /// Why nothing more is written.
    closed: Option<String>,
}

impl<E: Engine> Writer<E> {
    fn run(mut self, messages: &Receiver<Message>) {
        while let Ok(first) = messages.recv() {
            let mut entries = Vec::new();
            let mut flushes = Vec::new();
            for message in std::iter::once(first).chain(messages.try_iter()) {
                match message {
                    Message::Commit(entry) => entries.push(entry),
                    Message::Flush(flushed) => flushes.push(flushed),
                }
            }
            self.write(entries);
            for flushed in flushes {
                let _ = flushed.send(());
            }
        }
    }

    fn write(&mut self, entries: Vec<LogEntry>) {
        let mut batch = Vec::with_capacity(entries.len());
        let mut pending = Vec::with_capacity(entries.len());
        for mut entry in entries {
            match self.refuse(&entry) {
                Some(error) => entry.end(Err(error)),
                None => {
                    batch.push(mem::take(&mut entry.record));
                    pending.push(entry);
                }
            }
        }
        if batch.is_empty() {
            return;
        }
        let written = self.write_batch(&batch);
        for (mut entry, record) in pending.into_iter().zip(batch) {
            entry.record = record;
            entry.end(written.clone());
        }
    }

    /// Why a commit is not given to the engine.
    fn refuse(&self, entry: &LogEntry) -> Option<CommitError> {
        if let Some(reason) = &self.closed {
            let reason = reason.clone();
            return Some(CommitError::Closed { reason });
        }
        let mut bases = entry.bases.iter();
        bases
            .any(|base| base.has_failed())
            .then_some(CommitError::BaseNotWritten)
    }

    fn write_batch(&mut self, batch: &[CommitRecord]) -> Result<(), CommitError> {
        let written = catch_unwind(AssertUnwindSafe(|| self.engine.write(batch)));
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(WriteError::NotWritten(reason))) => {
                log::error!(reason, "the store did not keep a batch of commits");
                Err(CommitError::NotWritten { reason })
            }
            Ok(Err(WriteError::Unknown(reason))) => Err(self.close(reason)),
            Err(_) => Err(self.close("the store panicked".to_owned())),
        }
    }

    /// Takes no more commits, since it is not known whether the last ones were kept.
    fn close(&mut self, reason: String) -> CommitError {
        log::error!(
            reason,
            "it is not known whether the store kept a batch of commits; it takes no more until the program is started again"
        );
        self.closed = Some(reason.clone());
        CommitError::Unknown { reason }
    }
}
