//! What became of a batch whose connection broke before the server had said so.
//!
//! The batch has written its number in the same transaction as everything else. Its rows are locked for as long as the old
//! session lives, so whoever gets them looks at what is left; the number is there or is not.

use super::core::Core;
use super::errors::{Failure, answered};
use super::ids::Writer;
use super::limits::PATIENCE;
use super::row::NewRow;
use crate::sync::log;
use futures_util::TryFutureExt;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tokio_postgres::types::Type;

/// What became of a batch.
pub(super) enum Outcome {
    Written,
    NotWritten,
    /// The server did not say in time. Until it does, nobody sees the values: their rows cannot be locked.
    Unknown(String),
}

/// How long the server is asked.
const LONGEST: Duration = Duration::from_secs(20);

/// Asks until there is an answer.
pub(super) async fn outcome(core: &Core, rows: &[NewRow], writer: &Writer, batch: i64) -> Outcome {
    let end = Instant::now() + LONGEST;
    let mut tries = 0;
    loop {
        match ask(core, rows, writer, end).await {
            Ok(found) if found >= batch => {
                log::info!(batch, "it was committed");
                return Outcome::Written;
            }
            Ok(_) => {
                log::info!(batch, "it was not committed");
                return Outcome::NotWritten;
            }
            Err(failure) if Instant::now() >= end => return Outcome::Unknown(failure.reason()),
            // A little longer each time.
            Err(_) => sleep(Duration::from_millis(20 << tries.min(5))).await,
        }
        tries += 1;
    }
}

/// The number of the writer's last batch, once the transaction that might write another one is over.
async fn ask(core: &Core, rows: &[NewRow], writer: &Writer, end: Instant) -> Result<i64, Failure> {
    let client = core.server.connection(Some(end)).await?;
    let asked = async {
        client
            .batch_execute(
                "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = '2s'",
            )
            .await?;
        // Its rows, or that of the writer: the old transaction holds all of them from its last statement on.
        for row in rows.iter().take(1) {
            client
                .query_typed(
                    "SELECT 1 FROM kr.state WHERE space = $1 AND key = $2 FOR UPDATE",
                    &[
                        (&&*row.address.space, Type::TEXT),
                        (&row.address.key, Type::BYTEA),
                    ],
                )
                .await?;
        }
        // An own statement: it sees what was committed while the one before waited. Inserting waits for the old
        // transaction if it has no row.
        let found = client
            .query_typed(
                "INSERT INTO kr.writer (id, batch) VALUES ($1, 0) \
                 ON CONFLICT (id) DO UPDATE SET batch = kr.writer.batch RETURNING batch",
                &[(&writer.id, Type::INT8)],
            )
            .await?;
        client.batch_execute("COMMIT").await?;
        found.first().map_or(Ok(0), |row| row.try_get(0))
    };
    let asked = asked.map_err(|error: tokio_postgres::Error| Failure::from(&error));
    let asked = answered(PATIENCE, asked).await;
    asked.inspect_err(|failure| core.server.failed(client, failure))
}
