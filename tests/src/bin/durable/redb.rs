//! redb, with one commit for each request.

use crate::Result;
use crate::account::{Deposit, change_row};
use crate::by_hand::Accounts;
use redb::{Database, Durability, ReadableTable, TableDefinition};
use std::path::Path;
use std::sync::Arc;
use tokio::task::spawn_blocking;

const ACCOUNTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("accounts");

#[derive(Clone)]
pub(crate) struct Redb(Arc<Database>);

impl Redb {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Ok(Self(Arc::new(Database::create(path)?)))
    }
}

impl Accounts for Redb {
    async fn deposit(&self, id: u64, deposit: Deposit) -> Result<Vec<u8>> {
        let database = Arc::clone(&self.0);
        // redb has one writer at a time, and its threads wait for each other and for the disk.
        spawn_blocking(move || deposit_blocking(&database, id, &deposit)).await?
    }
}

fn deposit_blocking(database: &Database, id: u64, deposit: &Deposit) -> Result<Vec<u8>> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    let balance = {
        let mut accounts = transaction.open_table(ACCOUNTS)?;
        let row = accounts.get(id)?;
        let (changed, balance) = change_row(row.as_ref().map(redb::AccessGuard::value), deposit)?;
        drop(row);
        accounts.insert(id, &changed[..])?;
        balance
    };
    transaction.commit()?;
    Ok(serde_json::to_vec(&balance)?)
}
