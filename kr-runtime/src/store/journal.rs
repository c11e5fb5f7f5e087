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
use super::batch_rows::BatchRows;
use super::engine::{Batch, Engine, Reader, Snapshot, WriteError};
use super::log_entry::{Counted, LogEntry};
use super::shared::{OpenBatch, SharedStore};
#[cfg(feature = "operations")]
use super::store_status::StoreStatus;
use crate::sync::log;
use std::hash::{BuildHasher, RandomState};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long counts may wait for a batch.
const COUNTS_WAIT: Duration = Duration::from_millis(100);

/// How long a batch waits at most for those whom the last one has answered.
const GATHERING: Duration = Duration::from_millis(1);

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
    Thread(Mutex<Sender<Message>>),
    /// A store that other processes write as well; a commit belongs to the batch that holds its rows.
    Shared(Arc<dyn SharedStore>),
}

/// Locked while the commits of a batch become visible, to single reads and to snapshots: whoever takes a snapshot sees all
/// of a batch or nothing.
type Visibility = RwLock<()>;

enum Message {
    Commit(LogEntry),
    /// The counters of these states were counted.
    Counted(Box<dyn Counted>),
    Flush(oneshot::Sender<()>),
    /// Rows that are no commits of this program.
    Rows(Batch, Sender<Result<(), CommitError>>),
}

impl Journal {
    /// # Panics
    /// If the system gives no thread.
    pub(crate) fn start(engine: impl Engine) -> Arc<Self> {
        let (sender, messages) = mpsc::channel();
        let reader = engine.reader();
        let visibility = Arc::<Visibility>::default();
        #[cfg(feature = "operations")]
        let status = Arc::<StoreStatus>::default();
        let writer = Writer {
            engine,
            #[cfg(feature = "operations")]
            status: Arc::clone(&status),
            visibility: Arc::clone(&visibility),
            closed: None,
            counted: Vec::new(),
            counted_since: None,
            last_commits: 0,
            last_time: Duration::ZERO,
        };
        let thread = thread::Builder::new().name("kr-store".to_owned());
        thread
            .spawn(move || writer.run(&messages))
            .expect("a thread for the store");
        Arc::new(Self {
            writing: Writing::Thread(Mutex::new(sender)),
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

    /// The counters of these states were counted: they are written with the next batch, or soon.
    pub(super) fn counted(&self, states: Box<dyn Counted>) {
        match &self.writing {
            // An error says that the writer is gone, and with it the store.
            Writing::Thread(messages) => drop(send(messages, Message::Counted(states))),
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
            (Writing::Thread(messages), _) => send(messages, Message::Commit(entry)),
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
        send(messages, Message::Rows(batch, sender))?;
        written.recv().map_err(|_| stopped())?
    }

    /// Waits until everything that was appended so far is durable or dropped.
    pub(crate) async fn flush(&self) {
        let messages = match &self.writing {
            Writing::Thread(messages) => messages,
            Writing::Shared(store) => return store.flush().await,
        };
        let (sender, flushed) = oneshot::channel();
        // An error says that the writer is gone, which leaves nothing to wait for.
        if send(messages, Message::Flush(sender)).is_ok() {
            let _ = flushed.await;
        }
    }
}

/// Different for each life of a store, and never 0.
pub(super) fn new_epoch() -> u64 {
    RandomState::new().hash_one(std::process::id()).max(1)
}

fn send(messages: &Mutex<Sender<Message>>, message: Message) -> Result<(), CommitError> {
    let messages = messages.lock().unwrap_or_else(PoisonError::into_inner);
    messages.send(message).map_err(|_| stopped())
}

fn stopped() -> CommitError {
    CommitError::Closed {
        reason: "the store has stopped".to_owned(),
    }
}

struct Writer<E> {
    engine: E,
    #[cfg(feature = "operations")]
    status: Arc<StoreStatus>,
    visibility: Arc<Visibility>,
    /// Why nothing more is written.
    closed: Option<String>,
    /// States whose counters were counted since they were written last.
    counted: Vec<Box<dyn Counted>>,
    counted_since: Option<Instant>,
    /// How many commits the last batch had.
    last_commits: usize,
    /// How long writing it took.
    last_time: Duration,
}

impl<E: Engine> Writer<E> {
    fn run(mut self, messages: &Receiver<Message>) {
        while let Ok(mut first) = self.next(messages) {
            let mut entries = Vec::new();
            let mut flushes = Vec::new();
            loop {
                for message in first.take().into_iter().chain(messages.try_iter()) {
                    match message {
                        Message::Commit(entry) => entries.push(entry),
                        Message::Counted(states) => self.count(states),
                        Message::Flush(flushed) => flushes.push(flushed),
                        // Whoever waited may have given up.
                        Message::Rows(batch, sender) => drop(sender.send(self.write_rows(&batch))),
                    }
                }
                if !self.gathers(entries.len(), flushes.len()) {
                    break;
                }
            }
            if entries.is_empty() && flushes.is_empty() && !self.counts_are_due() {
                continue;
            }
            self.write(entries);
            for flushed in flushes {
                let _ = flushed.send(());
            }
        }
        self.write(Vec::new());
    }

    /// Waits a moment if there are fewer commits than the last batch had: those whom it has answered are about to change
    /// something again, and would otherwise wait for two writes, that of the few who were faster and their own. Returns
    /// whether it has waited. It happens once for a batch, and never while one client at a time makes commits.
    fn gathers(&mut self, commits: usize, flushes: usize) -> bool {
        let last_commits = mem::take(&mut self.last_commits);
        let is_due = commits > 0 && commits < last_commits && flushes == 0;
        if is_due {
            thread::sleep((self.last_time / 4).min(GATHERING));
        }
        is_due
    }

    /// Writes rows that are no commits of this program.
    fn write_rows(&mut self, batch: &Batch) -> Result<(), CommitError> {
        if let Some(reason) = self.closed.clone() {
            return Err(CommitError::Closed { reason });
        }
        self.write_batch(batch)?;
        self.engine.published();
        Ok(())
    }

    /// The next message; `None` if counts are to be written.
    fn next(&self, messages: &Receiver<Message>) -> Result<Option<Message>, ()> {
        let Some(since) = self.counted_since else {
            return messages.recv().map(Some).map_err(drop);
        };
        match messages.recv_timeout(COUNTS_WAIT.saturating_sub(since.elapsed())) {
            Ok(message) => Ok(Some(message)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(()),
        }
    }

    fn count(&mut self, states: Box<dyn Counted>) {
        self.counted.push(states);
        self.counted_since.get_or_insert_with(Instant::now);
    }

    fn counts_are_due(&self) -> bool {
        self.counted_since
            .is_some_and(|since| since.elapsed() >= COUNTS_WAIT)
    }

    fn write(&mut self, mut entries: Vec<LogEntry>) {
        self.counted_since = None;
        let mut counted = mem::take(&mut self.counted);
        // A commit that cannot be written takes those with it that were made from it.
        let mut rows = loop {
            entries = self.refuse_all(entries);
            match BatchRows::of(&entries) {
                Ok(rows) => break rows,
                Err((number, error)) => entries.remove(number).end(Err(error)),
            }
        };
        rows.add_counted(&entries, &mut counted);
        if entries.is_empty() && rows.changes.is_empty() {
            rows.put_off
                .into_iter()
                .for_each(|states| self.count(states));
            return;
        }
        let commits = entries.iter_mut().map(|entry| mem::take(&mut entry.record));
        let batch = Batch {
            commits: commits.collect(),
            rows: rows.changes,
        };
        let start = Instant::now();
        let written = match self.closed.clone() {
            Some(reason) => Err(CommitError::Closed { reason }),
            None => self.write_batch(&batch),
        };
        (self.last_commits, self.last_time) = (batch.commits.len(), start.elapsed());
        #[cfg(feature = "operations")]
        self.status
            .wrote(self.last_commits, self.last_time, &written);
        match written {
            Ok(()) => counted.clear(),
            // They are tried again, with what they are then.
            Err(_) if self.closed.is_none() => {}
            Err(_) => counted.clear(),
        }
        let visibility = Arc::clone(&self.visibility);
        let becomes_visible = visibility.write().unwrap_or_else(PoisonError::into_inner);
        for (mut entry, record) in entries.into_iter().zip(batch.commits) {
            entry.record = record;
            entry.end(written.clone());
        }
        if written.is_ok() {
            self.engine.published();
        }
        drop(becomes_visible);
        counted.extend(rows.put_off);
        for states in counted {
            self.count(states);
        }
    }

    /// Ends the commits that are not given to the engine.
    fn refuse_all(&self, entries: Vec<LogEntry>) -> Vec<LogEntry> {
        let mut kept = Vec::with_capacity(entries.len());
        for entry in entries {
            match self.refuse(&entry) {
                Some(error) => entry.end(Err(error)),
                None => kept.push(entry),
            }
        }
        kept
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

    fn write_batch(&mut self, batch: &Batch) -> Result<(), CommitError> {
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
        #[cfg(feature = "operations")]
        self.status.close(&reason);
        self.closed = Some(reason.clone());
        CommitError::Unknown { reason }
    }
}
