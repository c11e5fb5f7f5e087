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
use super::batch_writer::{Message, Visibility, Writer};
use super::engine::{Batch, Engine, Reader, Snapshot};
use super::log_entry::{Counted, LogEntry};
use super::responses::Responses;
use super::shared::{OpenBatch, SharedStore};
#[cfg(feature = "operations")]
use super::store_status::StoreStatus;
use crate::sync::{Ended, QueueSender, queue};
use std::hash::{BuildHasher, RandomState};
use std::sync::mpsc;
use std::sync::{Arc, PoisonError};
use std::thread;
use tokio::sync::oneshot;

/// The commits that wait for a store. The thread that writes them ends when the last handle is dropped.
pub(crate) struct Journal {
    writing: Writing,
    /// Different for each life of the store: what a commit leaves has it beside its revision.
    epoch: u64,
    reader: Option<Arc<dyn Reader>>,
    visibility: Arc<Visibility>,
    #[cfg(feature = "operations")]
    status: Arc<StoreStatus>,
}

/// Who writes what.
#[cfg_attr(
    not(feature = "postgres"),
    allow(dead_code, reason = "a shared store uses it")
)]
enum Writing {
    /// A thread, all that waits.
    Thread(QueueSender<Message>),
    /// A store that other processes write as well; a commit belongs to the batch that holds its rows.
    Shared(Arc<dyn SharedStore>),
}

impl Journal {
    /// # Panics
    /// If the system gives no thread.
    pub(crate) fn start(engine: impl Engine, responses: Arc<Responses>) -> Arc<Self> {
        let (sender, messages) = queue();
        let reader = engine.reader();
        let visibility = Arc::<Visibility>::default();
        #[cfg(feature = "operations")]
        let status = Arc::<StoreStatus>::default();
        let writer = Writer::new(
            engine,
            messages,
            responses,
            Arc::clone(&visibility),
            #[cfg(feature = "operations")]
            Arc::clone(&status),
        );
        let thread = thread::Builder::new().name("kr-store".to_owned());
        thread
            .spawn(move || writer.run())
            .expect("a thread for the store");
        Arc::new(Self {
            writing: Writing::Thread(sender),
            epoch: new_epoch(),
            reader,
            visibility,
            #[cfg(feature = "operations")]
            status,
        })
    }

    /// Of a store that other processes write as well.
    #[cfg(feature = "postgres")]
    pub(super) fn of_shared(
        store: Arc<dyn SharedStore>,
        reader: Arc<dyn Reader>,
        epoch: u64,
    ) -> Arc<Self> {
        Arc::new(Self {
            writing: Writing::Shared(store),
            epoch,
            reader: Some(reader),
            visibility: Arc::default(),
            #[cfg(feature = "operations")]
            status: Arc::default(),
        })
    }

    /// The store, if other processes write it as well.
    pub(crate) fn shared(&self) -> Option<&Arc<dyn SharedStore>> {
        match &self.writing {
            Writing::Thread(_) => None,
            Writing::Shared(store) => Some(store),
        }
    }

    /// What the commits of this life of the store leave beside their revisions. Never 0.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// What it has written so far.
    #[cfg(feature = "operations")]
    pub(crate) fn status(&self) -> &StoreStatus {
        match &self.writing {
            Writing::Thread(_) => &self.status,
            Writing::Shared(store) => store.status(),
        }
    }

    /// All rows as the commits that readers see have left them; `None` if nothing can be read again.
    pub(crate) fn snapshot(&self) -> Option<Result<Arc<dyn Snapshot>, String>> {
        let reader = self.reader.as_ref()?;
        let _nothing_becomes_visible = self
            .visibility
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        Some(reader.snapshot())
    }

    /// As [`snapshot`](Self::snapshot), of one moment whatever is asked of it.
    pub(crate) fn moment(&self) -> Option<Result<Arc<dyn Snapshot>, String>> {
        let reader = self.reader.as_ref()?;
        let _nothing_becomes_visible = self
            .visibility
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        Some(reader.moment())
    }

    /// The counters of these states were counted: they are written with the next batch, or soon.
    pub(super) fn counted(&self, states: Box<dyn Counted>) {
        match &self.writing {
            // An error says that the writer is gone, and with it the store.
            Writing::Thread(messages) => drop(messages.send(Message::Counted(states))),
            Writing::Shared(store) => store.counted(states),
        }
    }

    /// Appends a commit. Called while the entries of all its locks are locked, so that the order of commits under each
    /// lock is their order here. `batch` is what holds its rows in a shared store.
    pub(super) fn append(
        &self,
        entry: LogEntry,
        batch: Option<&OpenBatch>,
    ) -> Result<(), CommitError> {
        match (&self.writing, batch) {
            (Writing::Thread(messages), _) => {
                messages.send(Message::Commit(entry)).map_err(stopped)
            }
            (Writing::Shared(_), Some(batch)) => batch.append(entry),
            (Writing::Shared(_), None) => Err(CommitError::NotWritten {
                reason: "the rows of the lock are not held any more".to_owned(),
            }),
        }
    }

    /// Writes rows that are no commits of this program, and waits for that.
    pub(super) fn write_rows(&self, batch: Batch) -> Result<(), CommitError> {
        let messages = match &self.writing {
            Writing::Thread(messages) => messages,
            Writing::Shared(store) => return store.write_rows(batch),
        };
        let (sender, written) = mpsc::channel();
        let rows = Message::Rows(batch, sender);
        messages.send_at_once(rows).map_err(stopped)?;
        written.recv().map_err(|_| stopped(Ended))?
    }

    /// Waits until everything that was appended so far is durable or dropped.
    pub(crate) async fn flush(&self) {
        self.wait_for(Message::Flush).await;
    }

    /// As [`flush`](Self::flush), and the store does what makes the next start fast.
    pub(crate) async fn settle(&self) {
        self.wait_for(Message::Settle).await;
    }

    async fn wait_for(&self, message: impl FnOnce(oneshot::Sender<()>) -> Message) {
        let messages = match &self.writing {
            Writing::Thread(messages) => messages,
            Writing::Shared(store) => return store.flush().await,
        };
        let (sender, done) = oneshot::channel();
        // An error says that the writer is gone, which leaves nothing to wait for.
        if messages.send_at_once(message(sender)).is_ok() {
            let _ = done.await;
        }
    }
}

/// Different for each life of a store, and never 0.
pub(super) fn new_epoch() -> u64 {
    RandomState::new().hash_one(std::process::id()).max(1)
}

fn stopped(_: Ended) -> CommitError {
    CommitError::Closed {
        reason: "the store has stopped".to_owned(),
    }
}
