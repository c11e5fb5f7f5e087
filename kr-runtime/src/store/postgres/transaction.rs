//! The statements of a batch: two flights to the server, each a few statements that are sent together.
//!
//! What a role or a database may have set is set anew in each transaction.

use super::columns::{NewColumns, ResponseColumns, WantedColumns};
use super::errors::Failure;
use super::ids::Writer;
use super::row::{NewRow, WantedRow, stored, to_column};
use super::sql::{
    LOCK_FREE, LOCK_ONE, LOCK_SEVERAL, NEW_ROWS, ONE_ROW, READ, RESERVE, SEVERAL_ROWS, WRITE_ONE,
    WRITE_ONE_AND_RESPONSES, WRITE_SEVERAL, WRITE_SEVERAL_AND_RESPONSES,
};
use super::statement::Statements;
use crate::store::responses::ResponseRecord;
use crate::store::shared::StoredRow;
use crate::store::version::Stamp;
use deadpool_postgres::Client;
use std::time::Duration;
use tokio_postgres::types::{ToSql, Type};

/// How rows are locked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Locking {
    /// How long the server waits for each; without, it leaves out those that are held.
    pub(super) wait: Option<Duration>,
    /// Makes rows that are not there.
    pub(super) reserves: bool,
    /// How long the transaction may wait for the next statement: what a process that was stopped holds is free after that.
    pub(super) idle: Duration,
    pub(super) statements: Statements,
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
    let columns = WantedColumns::of(wanted);
    let one = match (wanted, locking.wait) {
        ([one], Some(_)) => Some((one, one.stamp())),
        _ => None,
    };
    let (sql, types) = match (one, locking.wait) {
        (Some(_), _) => (LOCK_ONE, &ONE_ROW),
        (None, Some(_)) => (LOCK_SEVERAL, &SEVERAL_ROWS),
        (None, None) => (LOCK_FREE, &SEVERAL_ROWS),
    };
    let failed = |error: tokio_postgres::Error| Failure::from(&error);
    let statements = locking.statements;
    let lock = statements.get(client, sql, types).await.map_err(failed)?;
    let reserve = match locking.reserves {
        true => Some(statements.get(client, RESERVE, &NEW_ROWS).await),
        false => None,
    };
    let reserve = reserve.transpose().map_err(failed)?;
    let begun = async { client.batch_execute(&begin).await };
    let reserved = async {
        match &reserve {
            Some(reserve) => reserve.query(client, &columns.names()).await.map(drop),
            None => Ok(()),
        }
    };
    let rows = async {
        match one {
            Some((row, known)) => {
                let (revision, epoch) = (to_column(known.revision), to_column(known.epoch));
                let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
                    (&&*row.address.space, Type::TEXT),
                    (&row.address.key, Type::BYTEA),
                    (&revision, Type::INT8),
                    (&epoch, Type::INT8),
                    (&row.counted, Type::INT8),
                ];
                lock.query(client, &parameters).await
            }
            None => lock.query(client, &columns.known()).await,
        }
    };
    // Sent in this order, in one flight.
    let (begun, reserved, rows) = tokio::join!(biased; begun, reserved, rows);
    begun.map_err(failed)?;
    reserved.map_err(failed)?;
    let rows = rows.map_err(failed)?;
    rows.iter().map(|row| read_row(wanted, row)).collect()
}

/// What rows are now.
pub(super) async fn read_rows(
    client: &Client,
    wanted: &[WantedRow],
    statements: Statements,
) -> Result<Vec<Locked>, Failure> {
    let columns = WantedColumns::of(wanted);
    let read = async {
        let read = statements.get(client, READ, &SEVERAL_ROWS).await?;
        read.query(client, &columns.known()).await
    };
    let rows = read.await.map_err(|error| Failure::from(&error))?;
    rows.iter().map(|row| read_row(wanted, row)).collect()
}

/// What a batch writes.
pub(super) struct Written<'w> {
    pub(super) rows: &'w [NewRow],
    pub(super) responses: &'w [&'w ResponseRecord],
    pub(super) writer: &'w Writer,
    /// The writer's number of this batch.
    pub(super) batch: i64,
}

/// The second flight: writes rows, responses and the number of the batch, and commits. [`Failure::Lost`] says that nobody
/// knows whether it did.
pub(super) async fn write(
    client: &Client,
    written: &Written<'_>,
    statements: Statements,
) -> Result<(), Failure> {
    let Written {
        rows, responses, ..
    } = *written;
    let columns = NewColumns::of(rows);
    let mut parameters = match rows {
        [_] => columns.one(),
        _ => columns.several(),
    };
    parameters.extend([
        (&written.writer.id as &(dyn ToSql + Sync), Type::INT8),
        (&written.batch, Type::INT8),
    ]);
    let records = ResponseColumns::of(responses);
    if !responses.is_empty() {
        parameters.extend(records.all());
    }
    let sql = match (rows, responses) {
        ([_], []) => WRITE_ONE,
        (_, []) => WRITE_SEVERAL,
        ([_], _) => WRITE_ONE_AND_RESPONSES,
        (_, _) => WRITE_SEVERAL_AND_RESPONSES,
    };
    let types: Vec<Type> = parameters
        .iter()
        .map(|(_, r#type)| r#type.clone())
        .collect();
    // Nothing has been written yet: whatever breaks here is no doubt about the batch.
    let statement = statements.get(client, sql, &types).await;
    let statement = statement.map_err(|error| Failure::from(&error).before_write())?;
    let written = async { statement.query(client, &parameters).await };
    let committed = async { client.batch_execute("COMMIT").await };
    let (written, committed) = tokio::join!(biased; written, committed);
    // A transaction in which a statement has failed is rolled back, and its COMMIT is no error.
    written.as_ref().map_err(Failure::from)?;
    committed.as_ref().map_err(Failure::from)?;
    Ok(())
}

fn read_row(wanted: &[WantedRow], row: &tokio_postgres::Row) -> Result<Locked, Failure> {
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
