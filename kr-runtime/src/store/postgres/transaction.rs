//! The statements of a batch: two flights to the server, each a few statements that are sent together.
//!
//! What a role or a database may have set is set anew in each transaction.

use super::columns::{AddressColumns, NewColumns, ResponseColumns, WantedColumns};
use super::errors::{Failure, answered};
use super::ids::Writer;
use super::limits::PATIENCE;
use super::row::{NewRow, WantedRow, stored, to_column};
use super::sql::{
    LOCK_FREE, LOCK_ONE, LOCK_SEVERAL, MAKE, NEW_ROWS, ONE_ROW, READ, SEVERAL_ROWS, TAKE_BACK,
    WRITE_ONE, WRITE_ONE_AND_RESPONSES, WRITE_SEVERAL, WRITE_SEVERAL_AND_RESPONSES,
};
use super::statement::Statements;
use crate::store::response_record::ResponseRecord;
use crate::store::shared::StoredRow;
use crate::store::stored::RowAddress;
use crate::store::version::Stamp;
use deadpool_postgres::Client;
use futures_util::TryFutureExt;
use std::time::Duration;
use tokio_postgres::types::{ToSql, Type};

/// How rows are locked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Locking {
    /// How long the server waits for each; without, it leaves out those that are held.
    pub(super) wait: Option<Duration>,
    /// Which rows are made if they are not there.
    pub(super) makes: Makes,
    /// How long the transaction may wait for the next statement: what a process that was stopped holds is free after that.
    pub(super) idle: Duration,
    pub(super) statements: Statements,
}

/// Which rows are made if they are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Makes {
    /// Those that this process does not know.
    Unknown,
    /// All of them: what it knows may have been removed meanwhile.
    All,
}

/// How long a transaction of many calls waits for another process that is making the same row.
const LONGEST_MAKING: Duration = Duration::from_millis(10);

/// A row that is locked: its number among those that were asked for, and what it is.
pub(super) type Locked = (usize, Stamp, StoredRow);

/// The rows that are locked, and the numbers of those that the transaction has made.
pub(super) type Found = (Vec<Locked>, Vec<usize>);

/// The first flight: begins the transaction, makes rows and locks them. Those that are held, or are not there, are not in
/// the result.
pub(super) async fn lock(
    client: &Client,
    wanted: &[WantedRow],
    locking: Locking,
) -> Result<Found, Failure> {
    let wait = locking.wait.unwrap_or(LONGEST_MAKING).as_millis().max(1);
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
    let to_make: Vec<usize> = (0..wanted.len())
        .filter(|number| locking.makes == Makes::All || wanted[*number].known.is_none())
        .collect();
    let names = columns.names(&to_make);
    let make = match to_make.is_empty() {
        true => None,
        false => Some(statements.get(client, MAKE, &NEW_ROWS).await),
    };
    let make = make.transpose().map_err(failed)?;
    let begun = async { client.batch_execute(&begin).await };
    let made = async {
        match &make {
            Some(make) => make.query(client, &names.all()).await,
            None => Ok(Vec::new()),
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
    let flight = async {
        // Sent in this order, in one flight.
        let (begun, made, rows) = tokio::join!(biased; begun, made, rows);
        begun.map_err(failed)?;
        Ok((made.map_err(failed)?, rows.map_err(failed)?))
    };
    let patience = PATIENCE + locking.wait.unwrap_or(LONGEST_MAKING);
    let (made, rows) = answered(patience, flight).await?;
    let made = made.iter().map(|row| {
        let (space, key): (&str, &[u8]) = (row.try_get(0)?, row.try_get(1)?);
        let is_it =
            |wanted: &WantedRow| &*wanted.address.space == space && wanted.address.key == key;
        Ok(to_make
            .iter()
            .copied()
            .find(|number| is_it(&wanted[*number])))
    });
    let made: Result<Vec<_>, tokio_postgres::Error> = made.collect();
    let made = made.map_err(failed)?.into_iter().flatten().collect();
    let rows: Result<_, Failure> = rows.iter().map(|row| read_row(wanted, row)).collect();
    Ok((rows?, made))
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
    let read = read.map_err(|error: tokio_postgres::Error| Failure::from(&error));
    let rows = answered(PATIENCE, read).await?;
    rows.iter().map(|row| read_row(wanted, row)).collect()
}

/// What a batch writes.
pub(super) struct Written<'w> {
    pub(super) rows: &'w [NewRow],
    pub(super) responses: &'w [&'w ResponseRecord],
    /// Rows that the transaction has made, and that stay without states.
    pub(super) unused: &'w [&'w RowAddress],
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
        rows,
        responses,
        unused,
        ..
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
    let unused = AddressColumns::of(unused);
    let taken_back = async {
        match unused.is_empty() {
            true => Ok(Vec::new()),
            false => client.query_typed(TAKE_BACK, &unused.all()).await,
        }
    };
    let written = async { statement.query(client, &parameters).await };
    let committed = async { client.batch_execute("COMMIT").await };
    let flight = async { Ok(tokio::join!(biased; taken_back, written, committed)) };
    let (taken_back, written, committed) = answered(PATIENCE, flight).await?;
    // A transaction in which a statement has failed is rolled back, and its COMMIT is no error.
    taken_back.as_ref().map_err(Failure::from)?;
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
