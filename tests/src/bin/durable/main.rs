//! Accounts that a crash does not take back: with kr, and written by hand on axum in three ways.
//!
//! ```text
//! STORE=kr-file FOLDER=accounts PORT=5001 durable    # or kr-memory, redb, sqlite
//! STORE=redis REDIS=127.0.0.1:6379 PORT=5001 durable
//! ```
//!
//! `POST /vault` changes the one vault, and `POST /account/{id}` an account; both take `{"amount":5}`. Each program reads
//! an account from its store, changes it and writes it back, as one transaction, and answers when that is durable. All
//! keep an account as JSON.

mod account;
mod by_hand;
mod kr;
mod redb;
mod redis;
mod sqlite;

use kr_runtime::Store;
use std::error::Error;
use std::path::PathBuf;

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> Result<()> {
    let store = std::env::var("STORE").unwrap_or_default();
    match store.as_str() {
        "kr-file" => Ok(kr::app()
            .store(Store::open(file("accounts.kr")?)?)
            .run()
            .await?),
        "kr-memory" => Ok(kr::app().store(Store::memory()).run().await?),
        "redb" => by_hand::run(redb::Redb::open(&file("accounts.redb")?)?).await,
        "sqlite" => by_hand::run(sqlite::Sqlite::open(&file("accounts.sqlite")?)?).await,
        "redis" => by_hand::run(redis::Redis::connect(&std::env::var("REDIS")?).await?).await,
        other => {
            Err(format!("{other:?} is none of kr-file, kr-memory, redb, sqlite, redis").into())
        }
    }
}

/// A file in the folder that the caller has chosen.
fn file(name: &str) -> Result<PathBuf> {
    let folder = std::env::var("FOLDER").map_err(|_| "FOLDER says where the store is to be")?;
    Ok(PathBuf::from(folder).join(name))
}
