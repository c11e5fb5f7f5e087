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
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
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
    fn publish(&self, record: CommitRecord);

    /// The commit is dropped: what its locks' next holders start from is the last durable value.
    fn discard(&self, record: CommitRecord);
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
    pub(crate) fn append(&self, entry: LogEntry) {
        self.send(Message::Commit(entry));
    }

    /// Waits until everything that was appended so far is durable or dropped.
    pub(crate) async fn flush(&self) {
        let (sender, flushed) = oneshot::channel();
        self.send(Message::Flush(sender));
        // An error says that the writer is gone, which leaves nothing to wait for.
        let _ = flushed.await;
    }

    fn send(&self, message: Message) {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(mpsc::SendError(Message::Commit(entry))) = messages.send(message) {
            // The engine has panicked, and the thread is gone.
            entry.drop_with(CommitError::Closed {
                reason: "the store has stopped".to_owned(),
            });
        }
    }
}

impl LogEntry {
    fn has_failed_base(&self) -> bool {
        self.bases.iter().any(|base| base.has_failed())
    }

    fn publish(self) {
        self.effect.publish(self.record);
        self.status.end(Ok(()));
    }

    fn drop_with(self, error: CommitError) {
        // First the status: a commit that is being made on top of this one finds out in either case.
        self.status.end(Err(error));
        self.effect.discard(self.record);
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
        let mut rest = Vec::with_capacity(entries.len());
        for entry in entries {
            if let Some(reason) = &self.closed {
                let reason = reason.clone();
                entry.drop_with(CommitError::Closed { reason });
            } else if entry.has_failed_base() {
                entry.drop_with(CommitError::BaseNotWritten);
            } else {
                let LogEntry {
                    status,
                    bases,
                    record,
                    effect,
                } = entry;
                batch.push(record);
                rest.push((status, bases, effect));
            }
        }
        if batch.is_empty() {
            return;
        }
        let written = self.engine.write(&batch);
        let entries = batch.into_iter().zip(rest);
        let entries = entries.map(|(record, (status, bases, effect))| LogEntry {
            status,
            bases,
            record,
            effect,
        });
        match written {
            Ok(()) => entries.for_each(LogEntry::publish),
            Err(WriteError::NotWritten(reason)) => {
                tracing::error!(reason, "the store did not keep a batch of commits");
                entries.for_each(|entry| {
                    let reason = reason.clone();
                    entry.drop_with(CommitError::NotWritten { reason });
                });
            }
            Err(WriteError::Unknown(reason)) => {
                tracing::error!(
                    reason,
                    "it is not known whether the store kept a batch of commits; it takes no more until the program is started again"
                );
                self.closed = Some(reason.clone());
                entries.for_each(|entry| {
                    let reason = reason.clone();
                    entry.drop_with(CommitError::Unknown { reason });
                });
            }
        }
    }
}
