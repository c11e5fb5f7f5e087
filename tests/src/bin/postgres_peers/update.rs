//! One statement, with the change written in SQL: the least that can be sent, and no code of the program runs under the lock.

use crate::Result;
use crate::by_hand::{Accounts, number};
use crate::row_lock::read;
use deadpool_postgres::Pool;

#[derive(Clone)]
pub(crate) struct Update(pub(crate) Pool);

const DEPOSIT: &str = "INSERT INTO account AS a VALUES ($1, $2, 0) \
    ON CONFLICT (id) DO UPDATE SET balance = a.balance + $2, version = a.version + 1 RETURNING balance";
const TRANSFER: &str = "WITH locked AS (SELECT id FROM account WHERE id IN ($1, $2) ORDER BY id FOR UPDATE) \
    UPDATE account SET balance = balance + CASE id WHEN $1 THEN -$3::bigint ELSE $3 END, version = version + 1 \
    WHERE id IN (SELECT id FROM locked) RETURNING id, balance";

impl Accounts for Update {
    async fn deposit(&self, id: u64, amount: i64) -> Result<i64> {
        let client = self.0.get().await?;
        let deposit = client.prepare_cached(DEPOSIT).await?;
        let row = client.query_one(&deposit, &[&number(id), &amount]).await?;
        Ok(row.get(0))
    }

    async fn transfer(&self, from: u64, to: u64, amount: i64) -> Result<(i64, i64)> {
        let client = self.0.get().await?;
        let transfer = client.prepare_cached(TRANSFER).await?;
        let rows = client
            .query(&transfer, &[&number(from), &number(to), &amount])
            .await?;
        let of = |id: u64| {
            let mut rows = rows.iter();
            let row = rows.find(|row| row.get::<_, i64>(0) == number(id));
            row.map(|row| row.get(1)).ok_or("an account is not there")
        };
        Ok((of(from)?, of(to)?))
    }

    async fn balance(&self, id: u64) -> Result<i64> {
        read(&self.0, id).await
    }
}
