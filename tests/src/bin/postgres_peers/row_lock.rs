//! `SELECT … FOR UPDATE`, and then the update: what most programs do.

use crate::Result;
use crate::by_hand::{Accounts, number};
use deadpool_postgres::{Pool, Transaction};

#[derive(Clone)]
pub(crate) struct RowLock(pub(crate) Pool);

const LOCK: &str = "SELECT balance FROM account WHERE id = $1 FOR UPDATE";
const CHANGE: &str = "UPDATE account SET balance = $2, version = version + 1 WHERE id = $1";
const MAKE: &str = "INSERT INTO account VALUES ($1, 0, 0) ON CONFLICT DO NOTHING";

async fn lock(transaction: &Transaction<'_>, id: i64) -> Result<i64> {
    let lock = transaction.prepare_cached(LOCK).await?;
    if let Some(row) = transaction.query_opt(&lock, &[&id]).await? {
        return Ok(row.get(0));
    }
    transaction.execute(MAKE, &[&id]).await?;
    Ok(transaction.query_one(&lock, &[&id]).await?.get(0))
}

async fn change(transaction: &Transaction<'_>, id: i64, balance: i64) -> Result<()> {
    let change = transaction.prepare_cached(CHANGE).await?;
    transaction.execute(&change, &[&id, &balance]).await?;
    Ok(())
}

impl Accounts for RowLock {
    async fn deposit(&self, id: u64, amount: i64) -> Result<i64> {
        let mut client = self.0.get().await?;
        let transaction = client.transaction().await?;
        let balance = lock(&transaction, number(id)).await? + amount;
        change(&transaction, number(id), balance).await?;
        transaction.commit().await?;
        Ok(balance)
    }

    async fn transfer(&self, from: u64, to: u64, amount: i64) -> Result<(i64, i64)> {
        let mut client = self.0.get().await?;
        let transaction = client.transaction().await?;
        // Always in the same order, or two of them wait for each other.
        let (first, second) = (from.min(to), from.max(to));
        let mut balances = [0; 2];
        for (place, id) in [first, second].into_iter().enumerate() {
            let sign = if id == from { -1 } else { 1 };
            balances[place] = lock(&transaction, number(id)).await? + sign * amount;
        }
        change(&transaction, number(first), balances[0]).await?;
        change(&transaction, number(second), balances[1]).await?;
        transaction.commit().await?;
        Ok(match from == first {
            true => (balances[0], balances[1]),
            false => (balances[1], balances[0]),
        })
    }

    async fn balance(&self, id: u64) -> Result<i64> {
        read(&self.0, id).await
    }
}

/// One `SELECT` each.
pub(crate) async fn read(pool: &Pool, id: u64) -> Result<i64> {
    let client = pool.get().await?;
    let read = client
        .prepare_cached("SELECT balance FROM account WHERE id = $1")
        .await?;
    let row = client.query_opt(&read, &[&number(id)]).await?;
    Ok(row.map_or(0, |row| row.get(0)))
}
