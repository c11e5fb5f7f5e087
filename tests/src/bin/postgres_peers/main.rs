//! Accounts in PostgreSQL: with kr, and written by hand on tokio-postgres in three ways.
//!
//! ```text
//! STORE=kr URL=postgres://… PORT=5001 postgres_peers               # or row-lock, update, retry
//! STORE=kr URL=postgres://… CLIENTS=64 MILLIS=1000 KEYS=1 postgres_peers   # without HTTP: prints changes a second
//! READS=1 STORE=kr URL=postgres://… CLIENTS=64 postgres_peers                # the same for reads
//! ```
//!
//! `BATCH_CALLS=128` and `PREPARED=1` set the options of kr's store with these names.
//!
//! `POST /accounts/{id}` pays in, `POST /transfers` moves money between two accounts, and `GET /accounts/{id}` reads. Accounts
//! are made when money is paid in.

mod by_hand;
mod direct;
mod kr;
mod retry;
mod row_lock;
mod update;

use serde::Deserialize;
use std::error::Error;

pub(crate) type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// What `POST /accounts/{id}` is asked.
#[derive(Deserialize)]
pub(crate) struct Deposit {
    pub(crate) amount: i64,
}

/// What `POST /transfers` is asked.
#[derive(Deserialize)]
pub(crate) struct Transfer {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) amount: i64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let store = std::env::var("STORE").unwrap_or_default();
    let url = std::env::var("URL").map_err(|_| "URL says where the server is")?;
    match store.as_str() {
        "kr" => kr::run(&url).await,
        "row-lock" => by_hand::run(row_lock::RowLock(by_hand::pool(&url).await?)).await,
        "update" => by_hand::run(update::Update(by_hand::pool(&url).await?)).await,
        "retry" => by_hand::run(retry::Retry(by_hand::pool(&url).await?)).await,
        other => Err(format!("{other:?} is none of kr, row-lock, update, retry").into()),
    }
}
