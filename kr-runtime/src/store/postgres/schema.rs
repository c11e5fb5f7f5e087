//! The tables.

use super::errors::text;
use crate::store::StoreError;
use std::time::Duration;
use tokio::time::sleep;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

/// What makes the tables.
const TABLES: &str = include_str!("schema.sql");

/// The format that this version of kr reads and writes.
const FORMAT: i32 = 1;

/// How often making the tables is tried, if other processes do so at the same time.
const TRIES: u32 = 10;

/// Makes the tables if they are not there, and sees whether they are of this version.
pub(super) async fn prepare(client: &Client, server: &str) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let error = match read_format(client).await {
            Ok(Some(FORMAT)) => return Ok(()),
            Ok(Some(found)) => {
                return Err(StoreError::Format {
                    server: server.to_owned(),
                    found,
                    known: FORMAT,
                });
            }
            Ok(None) => None,
            Err(error) if is_missing(&error) => None,
            Err(error) => Some(error),
        };
        let error = match error {
            None => match make(client).await {
                Ok(()) => continue,
                Err(error) => error,
            },
            Some(error) => error,
        };
        // Another process makes them: one of both fails, and finds them a moment later.
        if tries < TRIES && is_race(&error) {
            sleep(Duration::from_millis(20)).await;
            continue;
        }
        return Err(StoreError::Server {
            server: server.to_owned(),
            reason: match error.code() {
                Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => format!(
                    "{}; let the role create a schema, or make the tables by hand: the guide has the SQL, under \
                     \"Many machines\"",
                    text(&error)
                ),
                _ => text(&error),
            },
        });
    }
}

async fn read_format(client: &Client) -> Result<Option<i32>, tokio_postgres::Error> {
    let none: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 0] = [];
    let rows = client
        .query_typed("SELECT version FROM kr.format", &none)
        .await?;
    rows.first().map(|row| row.try_get(0)).transpose()
}

async fn make(client: &Client) -> Result<(), tokio_postgres::Error> {
    let made = client
        .batch_execute(&format!("BEGIN; {TABLES} COMMIT"))
        .await;
    if made.is_err() {
        client.batch_execute("ROLLBACK").await?;
    }
    made
}

fn is_missing(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        [
            SqlState::UNDEFINED_TABLE,
            SqlState::INVALID_SCHEMA_NAME,
            SqlState::UNDEFINED_SCHEMA,
        ]
        .contains(code)
    })
}

fn is_race(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        [
            SqlState::UNIQUE_VIOLATION,
            SqlState::DUPLICATE_TABLE,
            SqlState::DUPLICATE_SCHEMA,
            SqlState::DUPLICATE_OBJECT,
            SqlState::INTERNAL_ERROR,
            SqlState::T_R_DEADLOCK_DETECTED,
        ]
        .contains(code)
    })
}
