//! The thread that writes the commits of a [journal](super::journal), batch by batch, and makes them visible.

use super::CommitError;
use super::batch_rows::BatchRows;
use super::engine::{Batch, Engine, WriteError};
use super::gathering::LastBatch;
use super::log_entry::{Counted, EndedEntry, LogEntry};
use super::response_record::Hash;
use super::responses::Responses;
#[cfg(feature = "operations")]
use super::store_status::StoreStatus;
use crate::sync::{Ended, QueueReceiver, log};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long counts may wait for a batch.
const COUNTS_WAIT: Duration = Duration::from_millis(100);

/// How long nothing is written before the store settles.
const SETTLING: Duration = Duration::from_secs(1);

/// Locked while the commits of a batch become visible, to single reads and to snapshots: whoever takes a snapshot sees all
/// of a batch or nothing.
pub(super) type Visibility = RwLock<()>;

/// What the writer is asked to do.
pub(super) enum Message {
    Commit(LogEntry),
    /// The counters of these states were counted.
    Counted(Box<dyn Counted>),
    Flush(oneshot::Sender<()>),
    /// As `Flush`, and the store settles.
    Settle(oneshot::Sender<()>),
    /// Rows that are no commits of this program.
    Rows(Batch, Sender<Result<(), CommitError>>),
}

/// Writes what it is asked to, until nobody can ask any more.
pub(super) struct Writer<E> {
    engine: E,
    messages: QueueReceiver<Message>,
    #[cfg(feature = "operations")]
    status: Arc<StoreStatus>,
    visibility: Arc<Visibility>,
    responses: Arc<Responses>,
    /// Responses that the store does not keep any longer from the next batch on.
    forgotten: Vec<Hash>,
    /// Why nothing more is written.
    closed: Option<String>,
    /// States whose counters were counted since they were written last.
    counted: Vec<Box<dyn Counted>>,
    counted_since: Option<Instant>,
    /// When the last batch was written, unless the store has settled since.
    unsettled_since: Option<Instant>,
    last_batch: LastBatch,
    /// Memory for messages.
    taken: Vec<Message>,
}

/// What the writer has to do.
#[derive(Default)]
struct Next {
    entries: Vec<LogEntry>,
    flushes: Vec<oneshot::Sender<()>>,
    /// Whether the store settles after that.
    settles: bool,
}

impl<E: Engine> Writer<E> {
    pub(super) fn new(
        engine: E,
        messages: QueueReceiver<Message>,
        responses: Arc<Responses>,
        visibility: Arc<Visibility>,
        #[cfg(feature = "operations")] status: Arc<StoreStatus>,
    ) -> Self {
        Self {
            engine,
            messages,
            #[cfg(feature = "operations")]
            status,
            visibility,
            responses,
            forgotten: Vec::new(),
            closed: None,
            counted: Vec::new(),
            counted_since: None,
            unsettled_since: None,
            last_batch: LastBatch::new(),
            taken: Vec::new(),
        }
    }

    pub(super) fn run(mut self) {
        while let Ok(next) = self.next() {
            if next.entries.is_empty() && next.flushes.is_empty() && !self.counts_are_due() {
                if self.has_waited(self.unsettled_since, SETTLING) {
                    self.settle();
                }
                continue;
            }
            self.write(next.entries);
            if next.settles {
                self.settle();
            }
            for flushed in next.flushes {
                let _ = flushed.send(());
            }
        }
        self.write(Vec::new());
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

    /// What is to be done next; nothing if counts are to be written, or the store is to settle.
    fn next(&mut self) -> Result<Next, Ended> {
        let mut next = Next {
            entries: Vec::with_capacity(self.last_batch.commits()),
            ..Next::default()
        };
        self.take(&mut next);
        let waiting = next.entries.len();
        if waiting == 0 && next.flushes.is_empty() {
            self.messages.wait(1, self.patience())?;
            self.take(&mut next);
        }
        if let Some(gathering) = self.last_batch.gathering(waiting, Instant::now()) {
            while next.flushes.is_empty()
                && let Some(wait) = gathering.wait(next.entries.len(), Instant::now())
                // If nobody can add a commit any more, there are none to wait for.
                && self.messages.wait(wait.commits, Some(wait.time)).is_ok()
            {
                self.take(&mut next);
            }
            let commits = next.entries.len();
            self.last_batch
                .gathered(&gathering, commits, Instant::now());
        }
        Ok(next)
    }

    fn take(&mut self, next: &mut Next) {
        let mut taken = mem::take(&mut self.taken);
        self.messages.take(&mut taken);
        for message in taken.drain(..) {
            match message {
                Message::Commit(entry) => next.entries.push(entry),
                Message::Counted(states) => self.count(states),
                Message::Flush(flushed) => next.flushes.push(flushed),
                Message::Settle(flushed) => {
                    next.flushes.push(flushed);
                    next.settles = true;
                }
                // Whoever waited may have given up.
                Message::Rows(batch, sender) => drop(sender.send(self.write_rows(&batch))),
            }
        }
        self.taken = taken;
    }

    /// How long nothing may come before counts are to be written, or the store is to settle.
    fn patience(&self) -> Option<Duration> {
        let waits = [
            (self.counted_since, COUNTS_WAIT),
            (self.unsettled_since, SETTLING),
        ];
        let remaining = waits
            .iter()
            .filter_map(|(since, wait)| Some(wait.saturating_sub((*since)?.elapsed())));
        remaining.min()
    }

    fn count(&mut self, states: Box<dyn Counted>) {
        self.counted.push(states);
        self.counted_since.get_or_insert_with(Instant::now);
    }

    fn counts_are_due(&self) -> bool {
        self.has_waited(self.counted_since, COUNTS_WAIT)
    }

    fn has_waited(&self, since: Option<Instant>, wait: Duration) -> bool {
        since.is_some_and(|since| since.elapsed() >= wait)
    }

    /// Nothing waits to be written.
    fn settle(&mut self) {
        if self.unsettled_since.take().is_none() || self.closed.is_some() {
            return;
        }
        if catch_unwind(AssertUnwindSafe(|| self.engine.settle())).is_err() {
            self.close("the store panicked".to_owned());
        }
    }

    fn write(&mut self, mut entries: Vec<LogEntry>) {
        self.counted_since = None;
        let mut counted = mem::take(&mut self.counted);
        // A commit that cannot be written takes those with it that were made from it.
        let mut rows = loop {
            entries = self.refuse_all(entries);
            // Values are written by the application's code.
            match catch_unwind(AssertUnwindSafe(|| BatchRows::of(&entries))) {
                Ok(Ok(rows)) => break rows,
                Ok(Err((number, error))) => entries.remove(number).end(Err(error)).tell(),
                Err(_) => {
                    let reason = "a value panicked while it was written".to_owned();
                    for entry in entries.drain(..) {
                        let reason = reason.clone();
                        entry.end(Err(CommitError::NotWritten { reason })).tell();
                    }
                }
            }
        };
        rows.add_counted(&entries, &mut counted);
        if entries.is_empty() && rows.changes.is_empty() {
            rows.put_off
                .into_iter()
                .for_each(|states| self.count(states));
            return;
        }
        self.forgotten.extend(self.responses.take_forgotten());
        let commits = entries.iter_mut().map(|entry| mem::take(&mut entry.record));
        let batch = Batch {
            commits: commits.collect(),
            rows: rows.changes,
            forgotten: mem::take(&mut self.forgotten),
        };
        let start = Instant::now();
        let written = match self.closed.clone() {
            Some(reason) => Err(CommitError::Closed { reason }),
            None => self.write_batch(&batch),
        };
        let now = Instant::now();
        self.last_batch.ended(batch.commits.len(), now - start, now);
        #[cfg(feature = "operations")]
        self.status
            .wrote(batch.commits.len(), now - start, &written);
        match written {
            Ok(()) => counted.clear(),
            // They are tried again, with what they are then.
            Err(_) if self.closed.is_none() => self.forgotten = batch.forgotten,
            Err(_) => counted.clear(),
        }
        let visibility = Arc::clone(&self.visibility);
        let becomes_visible = visibility.write().unwrap_or_else(PoisonError::into_inner);
        // All of them before anybody hears of one: whoever is answered has work for this processor.
        let entries = entries.into_iter().zip(batch.commits);
        let ended: Vec<_> = entries
            .map(|(mut entry, record)| {
                entry.record = record;
                entry.end(written.clone())
            })
            .collect();
        if written.is_ok() {
            self.engine.published();
        }
        drop(becomes_visible);
        ended.into_iter().for_each(EndedEntry::tell);
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
                Some(error) => entry.end(Err(error)).tell(),
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
        self.unsettled_since = Some(Instant::now());
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
