//! No lock: a change is written if nobody else has written meanwhile, and made again if somebody has.

use crate::Result;
use crate::by_hand::{Accounts, number};
use crate::row_lock::read;
use deadpool_postgres::Pool;

#[derive(Clone)]
pub(crate) struct Retry(pub(crate) Pool);

const READ: &str = "SELECT balance, version FROM account WHERE id = $1";
const WRITE: &str =
    "UPDATE account SET balance = $2, version = version + 1 WHERE id = $1 AND version = $3";
const MAKE: &str = "INSERT INTO account VALUES ($1, 0, 0) ON CONFLICT DO NOTHING";

impl Accounts for Retry {
    async fn deposit(&self, id: u64, amount: i64) -> Result<i64> {
        let client = self.0.get().await?;
        let (read, write) = (
            client.prepare_cached(READ).await?,
            client.prepare_cached(WRITE).await?,
        );
        loop {
            let Some(row) = client.query_opt(&read, &[&number(id)]).await? else {
                client.execute(MAKE, &[&number(id)]).await?;
                continue;
            };
            let (balance, version): (i64, i64) = (row.get(0), row.get(1));
            let balance = balance + amount;
            let written = client
                .execute(&write, &[&number(id), &balance, &version])
                .await?;
            if written == 1 {
                return Ok(balance);
            }
        }
    }

    async fn transfer(&self, from: u64, to: u64, amount: i64) -> Result<(i64, i64)> {
        let mut client = self.0.get().await?;
        let (read, write) = (
            client.prepare_cached(READ).await?,
            client.prepare_cached(WRITE).await?,
        );
        loop {
            let transaction = client.transaction().await?;
            let mut balances = [0; 2];
            let mut is_written = true;
            let mut order = [(0, from, -amount), (1, to, amount)];
            order.sort_by_key(|(_, id, _)| *id);
            for (place, id, amount) in order {
                let row = transaction.query_one(&read, &[&number(id)]).await?;
                let (balance, version): (i64, i64) = (row.get(0), row.get(1));
                balances[place] = balance + amount;
                let written = transaction
                    .execute(&write, &[&number(id), &balances[place], &version])
                    .await?;
                is_written &= written == 1;
            }
            match is_written {
                true => {
                    transaction.commit().await?;
                    return Ok((balances[0], balances[1]));
                }
                false => transaction.rollback().await?,
            }
        }
    }

    async fn balance(&self, id: u64) -> Result<i64> {
        read(&self.0, id).await
    }
}
