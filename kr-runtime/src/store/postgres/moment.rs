//! One moment of the server, for several questions: a transaction that only reads.

use super::errors::{Failure, answered};
use super::limits::{PATIENCE, PATIENCE_FOR_MANY};
use super::store::PostgresStore;
use deadpool_postgres::{Client, Object};
use futures_util::TryFutureExt;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_postgres::Error;

/// A transaction that sees one moment. It has a connection of its own until it is dropped.
pub(super) struct Moment {
    store: Arc<PostgresStore>,
    /// None: the connection has failed.
    client: Arc<Mutex<Option<Client>>>,
}

/// The moment is that of the first question, so there is one.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1";

impl Moment {
    /// Begins. This blocks the thread.
    pub(super) fn begin(store: &Arc<PostgresStore>) -> Result<Self, String> {
        let core = Arc::clone(&store.core);
        let begun = store.thread.wait_for(async move {
            let client = core.server.connection(None).await?;
            let begun = client.batch_execute(BEGIN);
            let begun = begun.map_err(|error| Failure::from(&error));
            match answered(PATIENCE, begun).await {
                Ok(()) => Ok(client),
                Err(failure) => {
                    core.server.failed(client, &failure);
                    Err(failure)
                }
            }
        });
        let client = begun.ok_or("a panic while the server was asked")?;
        Ok(Self {
            store: Arc::clone(store),
            client: Arc::new(Mutex::new(Some(client.map_err(Failure::reason)?))),
        })
    }

    /// Asks the server, and blocks this thread until it has answered.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        question: impl for<'c> FnOnce(&'c Client) -> BoxFuture<'c, Result<T, Error>> + Send + 'static,
    ) -> Result<T, String> {
        let (client, core) = (Arc::clone(&self.client), Arc::clone(&self.store.core));
        let asked = self.store.thread.wait_for(async move {
            let mut held = client.lock().await;
            let Some(client) = held.as_ref() else {
                return Err("the connection was lost a moment ago".to_owned());
            };
            let answer = question(client).map_err(|error| Failure::from(&error));
            match answered(PATIENCE_FOR_MANY, answer).await {
                Ok(answer) => Ok(answer),
                Err(failure) => {
                    if let Some(client) = held.take() {
                        core.server.failed(client, &failure);
                    }
                    Err(failure.reason())
                }
            }
        });
        asked.unwrap_or_else(|| Err("a panic while the server was asked".to_owned()))
    }
}

impl Drop for Moment {
    fn drop(&mut self) {
        let client = Arc::clone(&self.client);
        self.store.thread.spawn(async move {
            if let Some(client) = client.lock().await.take()
                && client.batch_execute("ROLLBACK").await.is_err()
            {
                // Nobody else gets a connection with a transaction in it.
                drop(Object::take(client));
            }
        });
    }
}
