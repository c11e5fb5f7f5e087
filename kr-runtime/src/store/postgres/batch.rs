//! One batch: its rows are locked, calls are let in, what they have committed is written, and they are told.

use super::batch_guard::BatchGuard;
use super::core::Core;
use super::dispatcher::{Pending, Way};
use super::errors::{Failure, answered};
use super::limits::PATIENCE;
use super::row::WantedRow;
use super::settle::{self, Outcome};
use super::transaction::{self, Locking, Makes, Written};
use crate::store::CommitError;
use crate::store::batch_rows::BatchRows;
use crate::store::log_entry::LogEntry;
use crate::store::shared::{OpenBatch, RowLockError, SharedGroup};
use crate::sync::log;
use deadpool_postgres::Client;
use futures_util::TryFutureExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How long another process may hold a row if the request has no deadline.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Runs a batch to its end.
pub(super) async fn run(mut guard: BatchGuard, requests: Vec<Pending>) {
    let core = Arc::clone(&guard.core);
    let client = match begin(&core, &mut guard, &requests).await {
        Ok(client) => client,
        // Another process is making one of the rows: each call waits for its own.
        Err(Failure::NotFree) if !guard.waits() => {
            return core.dispatcher.add_own(requests);
        }
        Err(failure) => return refuse(requests, failure),
    };
    let batch = OpenBatch::new(core.limits.batch_calls);
    let is_locked = |group: &Arc<dyn SharedGroup>| {
        let mut groups = guard.groups.iter();
        groups.any(|locked| locked.stamp.is_some() && locked.group.id() == group.id())
    };
    let mut let_in = Vec::with_capacity(requests.len());
    let mut held_elsewhere = Vec::new();
    for pending in requests {
        match pending.request.groups.iter().all(is_locked) {
            true => let_in.extend(batch.enter().map(|rows| (pending.reply, rows))),
            false => held_elsewhere.push(pending),
        }
    }
    if guard.way == Way::Own {
        batch.close();
    }
    // From now on others may enter, or close it.
    guard.hold(Some(&batch));
    for (reply, rows) in let_in {
        // Who does not wait any more drops what is sent.
        let _ = reply.send(Ok(rows));
    }
    match guard.way {
        Way::Common => {
            core.dispatcher.add_own(held_elsewhere);
        }
        Way::Own => refuse(held_elsewhere, Failure::NotFree),
    }
    let client = until_closed(&core, &guard, &batch, client).await;
    finish(&core, &guard, &batch, client).await;
}

/// Gets a connection, and locks the rows. If that fails because the connection had gone, on another one.
async fn begin(
    core: &Core,
    guard: &mut BatchGuard,
    requests: &[Pending],
) -> Result<Client, Failure> {
    let deadline = requests
        .iter()
        .filter_map(|pending| pending.request.deadline);
    let deadline = deadline.min().map(Instant::from_std);
    let mut tries = 0;
    loop {
        tries += 1;
        let client = core.server.connection(deadline).await?;
        let rest = deadline.map_or(LONGEST_WAIT, |deadline| {
            deadline.saturating_duration_since(Instant::now())
        });
        let locking = Locking {
            wait: guard.waits().then_some(rest),
            makes: match guard.way {
                Way::Common => Makes::Unknown,
                Way::Own => Makes::All,
            },
            idle: core.limits.idle_timeout,
            statements: core.limits.statements,
        };
        let wanted: Vec<WantedRow> = guard
            .groups
            .iter()
            .map(|locked| locked.row.clone())
            .collect();
        match transaction::lock(&client, &wanted, locking).await {
            Ok((found, made)) => {
                for number in made {
                    guard.groups[number].is_made = true;
                }
                for (number, stamp, row) in found {
                    let locked = &mut guard.groups[number];
                    locked.stamp = Some(stamp);
                    locked.group.take_over(locked.known, row, true);
                }
                return Ok(client);
            }
            Err(failure) => {
                core.server.failed(client, &failure);
                if !matches!(failure, Failure::Lost(_)) || tries > 2 {
                    return Err(failure);
                }
            }
        }
    }
}

/// Waits until the batch takes no more calls and nobody has its rows. Says every now and then that somebody is there.
async fn until_closed(
    core: &Core,
    guard: &BatchGuard,
    batch: &OpenBatch,
    client: Client,
) -> Option<Client> {
    let end = Instant::now() + core.limits.batch_time;
    let mut is_over = false;
    let mut sign_of_life = Instant::now() + core.limits.idle_timeout / 3;
    loop {
        if batch.is_idle() && (is_over || batch.is_closed() || !guard.is_wanted()) {
            batch.close();
            // Somebody may have come in between.
            if batch.is_idle() {
                return Some(client);
            }
        }
        tokio::select! {
            () = batch.changed() => {}
            () = sleep_until(end), if !is_over => {
                is_over = true;
                batch.close();
            }
            () = sleep_until(sign_of_life) => {
                let said = client.batch_execute("SELECT");
                let said = said.map_err(|error| Failure::from(&error));
                if let Err(failure) = answered(PATIENCE, said).await {
                    core.server.failed(client, &failure);
                    batch.lose(failure.reason());
                    while !batch.is_idle() {
                        batch.changed().await;
                    }
                    return None;
                }
                sign_of_life = Instant::now() + core.limits.idle_timeout / 3;
            }
        }
    }
}

/// Writes what was committed, and tells those who wait for it.
async fn finish(core: &Arc<Core>, guard: &BatchGuard, batch: &OpenBatch, client: Option<Client>) {
    let mut entries = batch.take_entries();
    let changes = loop {
        entries = refuse_dependent(entries);
        // Values are written by the application's code.
        match catch_unwind(AssertUnwindSafe(|| BatchRows::of(&entries))) {
            Ok(Ok(rows)) => break rows.changes,
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
    let rows = guard.new_rows(changes);
    if entries.is_empty() && rows.as_ref().is_ok_and(Vec::is_empty) {
        if let Some(client) = client
            && let Err(error) = client.batch_execute("ROLLBACK").await
        {
            core.server.failed(client, &Failure::from(&error));
        }
        return;
    }
    let (client, rows) = match (client, rows) {
        (Some(client), Ok(rows)) => (client, rows),
        (client, rows) => {
            let reason = match rows {
                Err(reason) => reason,
                Ok(_) => "the connection to the server broke while the change was made".to_owned(),
            };
            if let Some(client) = client {
                core.server
                    .failed(client, &Failure::Refused(reason.clone()));
            }
            let outcome = Err(CommitError::NotWritten { reason });
            #[cfg(feature = "operations")]
            core.status.wrote(entries.len(), Duration::ZERO, &outcome);
            return guard.end(&[], entries, outcome);
        }
    };
    let responses = entries
        .iter()
        .filter_map(|entry| entry.record.response.as_ref());
    let responses: Vec<_> = responses.collect();
    let mut writer = core.writers.take();
    let number = writer.next();
    #[cfg(feature = "operations")]
    let start = Instant::now();
    let written = Written {
        rows: &rows,
        responses: &responses,
        unused: &guard.unused(&rows),
        writer: &writer,
        batch: number,
    };
    let given_up = core.server.given_up.count();
    let written = transaction::write(&client, &written, core.limits.statements).await;
    let outcome = match written {
        // It was perhaps another batch at the same time; saying too often that nobody knows does no harm.
        Ok(()) if core.server.given_up.count() > given_up => Err(CommitError::Unknown {
            reason: "the server has committed it, and its standby may not have it".to_owned(),
        }),
        Ok(()) => Ok(()),
        Err(Failure::Lost(reason)) => {
            core.server.failed(client, &Failure::Lost(reason.clone()));
            log::warn!(reason, "a connection broke while a batch was committed");
            match settle::outcome(core, &rows, &writer, number).await {
                Outcome::Written => Ok(()),
                Outcome::NotWritten => Err(CommitError::NotWritten { reason }),
                Outcome::Unknown(reason) => {
                    // The writer is not used again: its row may still change.
                    let outcome = Err(CommitError::Unknown { reason });
                    #[cfg(feature = "operations")]
                    core.status.wrote(entries.len(), start.elapsed(), &outcome);
                    return guard.end(&rows, entries, outcome);
                }
            }
        }
        Err(failure) => {
            let reason = failure.clone().reason();
            core.server.failed(client, &failure);
            log::error!(reason, "the server refused a batch of commits");
            Err(CommitError::NotWritten { reason })
        }
    };
    core.writers.put_back(writer);
    #[cfg(feature = "operations")]
    core.status.wrote(entries.len(), start.elapsed(), &outcome);
    guard.end(&rows, entries, outcome);
}

/// Drops the commits that were made from one that was dropped.
fn refuse_dependent(entries: Vec<LogEntry>) -> Vec<LogEntry> {
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries {
        match entry.bases.iter().any(|base| base.has_failed()) {
            true => entry.end(Err(CommitError::BaseNotWritten)).tell(),
            false => kept.push(entry),
        }
    }
    kept
}

fn refuse(requests: Vec<Pending>, failure: Failure) {
    for pending in requests {
        let error = match &failure {
            Failure::NotFree => RowLockError::TimedOut,
            other => RowLockError::Unavailable(other.clone().reason()),
        };
        let _ = pending.reply.send(Err(error));
    }
}
