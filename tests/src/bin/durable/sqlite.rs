//! `SQLite`, with one transaction for each request: a write-ahead log that is synced at each commit.

use crate::Result;
use crate::account::{Deposit, change_row};
use crate::by_hand::Accounts;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::spawn_blocking;

/// `SQLite` has one writer at a time, so one connection is enough.
#[derive(Clone)]
pub(crate) struct Sqlite(Arc<Mutex<Connection>>);

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS accounts (id INTEGER PRIMARY KEY, account TEXT NOT NULL) STRICT",
        )?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }
}

impl Accounts for Sqlite {
    async fn deposit(&self, id: u64, deposit: Deposit) -> Result<Vec<u8>> {
        let connection = Arc::clone(&self.0);
        spawn_blocking(move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            deposit_blocking(&mut connection, i64::try_from(id)?, &deposit)
        })
        .await?
    }
}

fn deposit_blocking(connection: &mut Connection, id: i64, deposit: &Deposit) -> Result<Vec<u8>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let balance = {
        let mut select = transaction.prepare_cached("SELECT account FROM accounts WHERE id = ?")?;
        let row: Option<String> = select.query_row([id], |row| row.get(0)).optional()?;
        let (changed, balance) = change_row(row.as_deref().map(str::as_bytes), deposit)?;
        let mut replace =
            transaction.prepare_cached("REPLACE INTO accounts (id, account) VALUES (?, ?)")?;
        replace.execute((id, std::str::from_utf8(&changed)?))?;
        balance
    };
    transaction.commit()?;
    Ok(serde_json::to_vec(&balance)?)
}
