//! The statements of a batch: two flights to the server, each a few statements that are sent together.
//!
//! Statements have no names, so PgBouncer may give each transaction another session. What a role or a database may have set
//! is set anew in each transaction.

use super::errors::Failure;
use super::ids::Writer;
use super::row::{NewRow, WantedRow, stored, to_column};
use crate::store::responses::ResponseRecord;
use crate::store::shared::StoredRow;
use crate::store::version::Stamp;
use std::time::Duration;
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

const LOCK_ONE: &str = "SELECT 1::bigint, revision, epoch, counted, \
    CASE WHEN revision = $3 AND epoch = $4 AND counted = $5 THEN NULL ELSE states::text END, states IS NULL \
    FROM kr.state WHERE space = $1 AND key = $2 FOR UPDATE";

/// In the order of their keys: whoever waits for several rows waits in the same order as all others.
const LOCK_SEVERAL: &str = "SELECT w.n, s.revision, s.epoch, s.counted, \
    CASE WHEN s.revision = w.revision AND s.epoch = w.epoch AND s.counted = w.counted THEN NULL ELSE s.states::text END, \
    s.states IS NULL \
    FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[]) \
        WITH ORDINALITY AS w(space, key, revision, epoch, counted, n) \
    JOIN kr.state s ON s.space = w.space AND s.key = w.key ORDER BY s.space, s.key FOR UPDATE OF s";

/// A row that does not exist cannot be locked. In the order of their keys, too.
const RESERVE: &str = "INSERT INTO kr.state (space, key, lock, revision, epoch) \
    SELECT w.space, w.key, w.lock, coalesce(p.last_removed, 0), 0 \
    FROM unnest($1::text[], $2::bytea[], $3::text[]) AS w(space, key, lock) \
    LEFT JOIN kr.space p ON p.space = w.space ORDER BY w.space, w.key ON CONFLICT DO NOTHING";

const READ: &str = "SELECT w.n, s.revision, s.epoch, s.counted, \
    CASE WHEN s.revision = w.revision AND s.epoch = w.epoch AND s.counted = w.counted THEN NULL ELSE s.states::text END, \
    s.states IS NULL \
    FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[]) \
        WITH ORDINALITY AS w(space, key, revision, epoch, counted, n) \
    JOIN kr.state s ON s.space = w.space AND s.key = w.key";

/// One statement, so that it is done as a whole or not at all even if the transaction around it is gone. It fails if one
/// of the rows is not what it was when it was locked.
const WRITE: &str = "WITH changed AS (UPDATE kr.state s \
        SET revision = w.revision, epoch = w.epoch, counted = s.counted + w.counted, states = w.states::json, \
            changed_at = now() \
        FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], \
            $8::text[]) AS w(space, key, old, old_epoch, revision, epoch, counted, states) \
        WHERE s.space = w.space AND s.key = w.key AND s.revision = w.old AND s.epoch = w.old_epoch RETURNING 1), \
    batch AS (INSERT INTO kr.writer (id, batch) VALUES ($9, $10) \
        ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, changed_at = now())";

const WRITE_RESPONSES: &str = ", responses AS (INSERT INTO kr.response (id, client, request, response, until) \
        SELECT r.id, r.client, r.request, r.response, now() + r.seconds * interval '1 second' \
        FROM unnest($11::bytea[], $12::bytea[], $13::bytea[], $14::bytea[], $15::double precision[]) \
            AS r(id, client, request, response, seconds) \
        ON CONFLICT (id) DO UPDATE SET client = excluded.client, request = excluded.request, \
            response = excluded.response, until = excluded.until WHERE kr.response.until <= now() RETURNING 1)";

const ALL_CHANGED: &str =
    " SELECT 1 / ((SELECT count(*) FROM changed) = cardinality($1::text[]))::int";

/// Another process may have answered a request with the same key meanwhile.
const ALL_KEPT: &str = ", 1 / ((SELECT count(*) FROM responses) = cardinality($11::bytea[]))::int";

/// How rows are locked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Locking {
    /// How long the server waits for each; without, it leaves out those that are held.
    pub(super) wait: Option<Duration>,
    /// Makes rows that are not there.
    pub(super) reserves: bool,
    /// How long the transaction may wait for the next statement: what a process that was stopped holds is free after that.
    pub(super) idle: Duration,
}

/// A row that is locked: its number among those that were asked for, and what it is.
pub(super) type Locked = (usize, Stamp, StoredRow);

/// The first flight: begins the transaction, and locks rows. Those that are held, or are not there, are not in the result.
pub(super) async fn lock(
    client: &Client,
    wanted: &[WantedRow],
    locking: Locking,
) -> Result<Vec<Locked>, Failure> {
    let wait = locking.wait.unwrap_or_default().as_millis().max(1);
    let begin = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = {wait}; \
         SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = on; \
         SET LOCAL idle_in_transaction_session_timeout = {}",
        locking.idle.as_millis()
    );
    let columns = Columns::of(wanted);
    let begun = async { client.batch_execute(&begin).await };
    let reserved = async {
        match locking.reserves {
            true => client
                .query_typed(RESERVE, &columns.names())
                .await
                .map(drop),
            false => Ok(()),
        }
    };
    let rows = async {
        match (wanted, locking.wait) {
            ([one], Some(_)) => {
                let Stamp { revision, epoch } = known(one);
                client
                    .query_typed(
                        LOCK_ONE,
                        &[
                            (&&*one.address.space, Type::TEXT),
                            (&one.address.key, Type::BYTEA),
                            (&to_column(revision), Type::INT8),
                            (&to_column(epoch), Type::INT8),
                            (&one.counted, Type::INT8),
                        ],
                    )
                    .await
            }
            (_, Some(_)) => client.query_typed(LOCK_SEVERAL, &columns.known()).await,
            (_, None) => {
                let skip = format!("{LOCK_SEVERAL} SKIP LOCKED");
                client.query_typed(&skip, &columns.known()).await
            }
        }
    };
    // Sent in this order, in one flight.
    let (begun, reserved, rows) = tokio::join!(biased; begun, reserved, rows);
    let failed = |error: &tokio_postgres::Error| Failure::from(error);
    begun.as_ref().map_err(failed)?;
    reserved.as_ref().map_err(failed)?;
    let rows = rows.as_ref().map_err(failed)?;
    rows.iter().map(|row| read(wanted, row)).collect()
}

/// What rows are now.
pub(super) async fn read_rows(
    client: &Client,
    wanted: &[WantedRow],
) -> Result<Vec<Locked>, Failure> {
    let columns = Columns::of(wanted);
    let rows = client.query_typed(READ, &columns.known()).await;
    let rows = rows.map_err(|error| Failure::from(&error))?;
    rows.iter().map(|row| read(wanted, row)).collect()
}

/// The second flight: writes rows, responses and the number of the batch, and commits. [`Failure::Lost`] says that nobody
/// knows whether it did.
pub(super) async fn write(
    client: &Client,
    rows: &[NewRow],
    responses: &[&ResponseRecord],
    (writer, batch): (&Writer, i64),
) -> Result<(), Failure> {
    let spaces: Vec<&str> = rows.iter().map(|row| &*row.address.space).collect();
    let keys: Vec<&[u8]> = rows.iter().map(|row| &*row.address.key).collect();
    let old: Vec<i64> = rows.iter().map(|row| to_column(row.old.revision)).collect();
    let old_epochs: Vec<i64> = rows.iter().map(|row| to_column(row.old.epoch)).collect();
    let revisions: Vec<i64> = rows.iter().map(|row| to_column(row.new.revision)).collect();
    let epochs: Vec<i64> = rows.iter().map(|row| to_column(row.new.epoch)).collect();
    let counted: Vec<i64> = rows.iter().map(|row| i64::from(row.is_counted)).collect();
    let states: Vec<Option<&str>> = rows.iter().map(|row| row.states.as_deref()).collect();
    let mut parameters: Vec<(&(dyn ToSql + Sync), Type)> = vec![
        (&spaces, Type::TEXT_ARRAY),
        (&keys, Type::BYTEA_ARRAY),
        (&old, Type::INT8_ARRAY),
        (&old_epochs, Type::INT8_ARRAY),
        (&revisions, Type::INT8_ARRAY),
        (&epochs, Type::INT8_ARRAY),
        (&counted, Type::INT8_ARRAY),
        (&states, Type::TEXT_ARRAY),
        (&writer.id, Type::INT8),
        (&batch, Type::INT8),
    ];
    let parts: Vec<_> = responses.iter().map(|record| record.parts()).collect();
    let ids: Vec<&[u8]> = parts.iter().map(|parts| parts.id).collect();
    let clients: Vec<&[u8]> = parts.iter().map(|parts| parts.client).collect();
    let requests: Vec<&[u8]> = parts.iter().map(|parts| parts.request).collect();
    let bodies: Vec<&[u8]> = parts.iter().map(|parts| parts.response).collect();
    let seconds: Vec<f64> = responses
        .iter()
        .map(|record| record.keep_for().as_secs_f64())
        .collect();
    let statement = match responses.is_empty() {
        true => format!("{WRITE}{ALL_CHANGED}"),
        false => {
            parameters.extend([
                (&ids as &(dyn ToSql + Sync), Type::BYTEA_ARRAY),
                (&clients, Type::BYTEA_ARRAY),
                (&requests, Type::BYTEA_ARRAY),
                (&bodies, Type::BYTEA_ARRAY),
                (&seconds, Type::FLOAT8_ARRAY),
            ]);
            format!("{WRITE}{WRITE_RESPONSES}{ALL_CHANGED}{ALL_KEPT}")
        }
    };
    let written = async { client.query_typed(&statement, &parameters).await };
    let committed = async { client.batch_execute("COMMIT").await };
    let (written, committed) = tokio::join!(biased; written, committed);
    // A transaction in which a statement has failed is rolled back, and its COMMIT is no error.
    written.as_ref().map_err(Failure::from)?;
    committed.as_ref().map_err(Failure::from)?;
    Ok(())
}

fn known(wanted: &WantedRow) -> Stamp {
    wanted.known.unwrap_or(Stamp {
        revision: u64::MAX,
        epoch: 0,
    })
}

fn read(wanted: &[WantedRow], row: &tokio_postgres::Row) -> Result<Locked, Failure> {
    let read = || {
        let number: i64 = row.try_get(0)?;
        let number = usize::try_from(number)
            .unwrap_or_default()
            .saturating_sub(1);
        let (revision, epoch): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
        let (counted, states): (i64, Option<&str>) = (row.try_get(3)?, row.try_get(4)?);
        let stamp = Stamp {
            revision: u64::try_from(revision).unwrap_or_default(),
            epoch: super::row::from_column(epoch),
        };
        let is_known = wanted
            .get(number)
            .is_some_and(|wanted| wanted.known == Some(stamp));
        let found = match is_known && states.is_none() {
            true => StoredRow::Unchanged,
            false => stored(stamp, counted, states, row.try_get(5)?),
        };
        Ok((number, stamp, found))
    };
    read().map_err(|error: tokio_postgres::Error| {
        Failure::Refused(format!(
            "the table kr.state is not as it should be: {}",
            super::errors::text(&error)
        ))
    })
}

/// Wanted rows, column by column.
struct Columns<'w> {
    spaces: Vec<&'w str>,
    keys: Vec<&'w [u8]>,
    locks: Vec<&'w str>,
    revisions: Vec<i64>,
    epochs: Vec<i64>,
    counted: Vec<i64>,
}

impl<'w> Columns<'w> {
    fn of(wanted: &'w [WantedRow]) -> Self {
        let known = || wanted.iter().map(known);
        Self {
            spaces: wanted.iter().map(|row| &*row.address.space).collect(),
            keys: wanted.iter().map(|row| &*row.address.key).collect(),
            locks: wanted.iter().map(|row| &*row.lock).collect(),
            revisions: known().map(|stamp| to_column(stamp.revision)).collect(),
            epochs: known().map(|stamp| to_column(stamp.epoch)).collect(),
            counted: wanted.iter().map(|row| row.counted).collect(),
        }
    }

    fn known(&self) -> [(&(dyn ToSql + Sync), Type); 5] {
        [
            (&self.spaces, Type::TEXT_ARRAY),
            (&self.keys, Type::BYTEA_ARRAY),
            (&self.revisions, Type::INT8_ARRAY),
            (&self.epochs, Type::INT8_ARRAY),
            (&self.counted, Type::INT8_ARRAY),
        ]
    }

    fn names(&self) -> [(&(dyn ToSql + Sync), Type); 3] {
        [
            (&self.spaces, Type::TEXT_ARRAY),
            (&self.keys, Type::BYTEA_ARRAY),
            (&self.locks, Type::TEXT_ARRAY),
        ]
    }
}
