//! The store as the rest of kr sees it.

use super::core::Core;
use super::counting::Counting;
use super::dispatcher::Dispatcher;
use super::errors::{Failure, answered};
use super::ids::Writers;
use super::limits::{Limits, PATIENCE_FOR_MANY};
use super::questions::Questions;
use super::row::{NewRow, states, to_column};
use super::server::Server;
use super::thread::ServerThread;
use super::url::Target;
use super::watched::Watched;
use super::{copying, count, dispatch, refresh, schema, sweep, watch};
use crate::store::engine::Batch;
use crate::store::journal::new_epoch;
use crate::store::log_entry::Counted;
use crate::store::response_record::{Hash, ResponseRecord};
use crate::store::responses::KeptElsewhere;
use crate::store::shared::{
    RowLockError, RowLocks, RowRequest, SharedGroup, SharedStore, WatchedGroup,
};
use crate::store::stored::RowAddress;
use crate::store::version::Stamp;
use crate::store::{CommitError, StoreError};
#[cfg(feature = "operations")]
use crate::store::{shared::ConnectionCounts, store_status::StoreStatus};
use futures_util::TryFutureExt;
use futures_util::future::{BoxFuture, FutureExt};
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};
use tokio_postgres::types::{ToSql, Type};

/// A store in PostgreSQL.
pub(super) struct PostgresStore {
    pub(super) core: Arc<Core>,
    pub(super) thread: Arc<ServerThread>,
}

/// How many rows are written with one statement where all of them are known.
const ROWS_AT_ONCE: usize = 500;

impl PostgresStore {
    pub(super) fn connect(target: &Target, limits: Limits) -> Result<Arc<Self>, StoreError> {
        let name = target.name();
        let failed = |reason: String| StoreError::Server {
            server: name.clone(),
            reason,
        };
        let server = Server::new(target, &limits).map_err(failed)?;
        let thread = ServerThread::start().map_err(|error| failed(error.to_string()))?;
        let thread = Arc::new(thread);
        let (questions, asked) = Questions::new();
        let core = Arc::new(Core {
            server,
            limits,
            epoch: new_epoch(),
            writers: Writers::default(),
            dispatcher: Dispatcher::default(),
            questions,
            counting: Counting::default(),
            watched: Watched::default(),
            #[cfg(feature = "operations")]
            status: StoreStatus::default(),
        });
        let prepared = Arc::clone(&core);
        let prepared = thread.wait_for(async move {
            let client = prepared.server.connection(None).await;
            let client = client.map_err(|failure| {
                let server = prepared.server.name.clone();
                let reason = failure.reason();
                // It names the server itself.
                let reason = reason
                    .strip_prefix(&format!("{server}: "))
                    .unwrap_or(&reason);
                StoreError::Server {
                    reason: reason.to_owned(),
                    server,
                }
            })?;
            schema::prepare(&client, &prepared.server.name).await
        });
        prepared.unwrap_or_else(|| Err(failed("a panic while it was opened".to_owned())))?;
        thread.spawn(refresh::run(Arc::downgrade(&core), asked));
        thread.spawn(dispatch::run(Arc::downgrade(&core)));
        thread.spawn(watch::run(Arc::downgrade(&core)));
        thread.spawn(sweep::run(Arc::downgrade(&core)));
        Ok(Arc::new(Self { core, thread }))
    }

    pub(super) fn epoch(&self) -> u64 {
        self.core.epoch
    }

    /// Does something with a connection, and blocks this thread until it is done.
    pub(super) fn with_connection<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(
            &'c deadpool_postgres::Client,
        ) -> BoxFuture<'c, Result<T, tokio_postgres::Error>>
        + Send
        + 'static,
    ) -> Result<T, String> {
        let core = Arc::clone(&self.core);
        let done = self.thread.wait_for(async move {
            let client = core.server.connection(None).await?;
            let done = work(&client).map_err(|error| Failure::from(&error));
            let done = answered(PATIENCE_FOR_MANY, done).await;
            done.inspect_err(|failure| core.server.failed(client, failure))
        });
        match done {
            Some(done) => done.map_err(Failure::reason),
            None => Err("a panic while the server was asked".to_owned()),
        }
    }
}

impl SharedStore for PostgresStore {
    #[cfg(feature = "operations")]
    fn status(&self) -> &StoreStatus {
        &self.core.status
    }

    #[cfg(feature = "operations")]
    fn connections(&self) -> ConnectionCounts {
        self.core.server.counts()
    }

    fn lock_rows(&self, request: RowRequest) -> BoxFuture<'static, Result<RowLocks, RowLockError>> {
        let deadline = request.deadline.map(Instant::from_std);
        let (reply, locked) = oneshot::channel();
        self.core.dispatcher.add(request, reply);
        async move {
            let locked = match deadline {
                None => locked.await,
                Some(deadline) => match timeout_at(deadline, locked).await {
                    Ok(locked) => locked,
                    Err(_) => return Err(RowLockError::TimedOut),
                },
            };
            locked.unwrap_or_else(|_| {
                let reason = "a panic while the rows were locked".to_owned();
                Err(RowLockError::Unavailable(reason))
            })
        }
        .boxed()
    }

    fn refresh(
        &self,
        groups: Vec<Arc<dyn SharedGroup>>,
    ) -> BoxFuture<'static, Result<Vec<Stamp>, RowLockError>> {
        self.core.questions.ask(groups)
    }

    fn watch(&self, group: Box<dyn WatchedGroup>) {
        self.core.watched.add(group);
    }

    fn counted(&self, states: Box<dyn Counted>) {
        self.core.counting.begin();
        let core = Arc::downgrade(&self.core);
        self.thread.spawn(count::run(core, states));
    }

    fn write_first(&self, address: &RowAddress, lock: &str, row: &[u8]) -> Result<(), String> {
        let (space, key) = (Arc::clone(&address.space), address.key.clone());
        let (lock, states) = (lock.to_owned(), states(row)?);
        let epoch = to_column(self.core.epoch);
        self.with_connection(move |client| {
            async move {
                const INSERT: &str = "INSERT INTO kr.state (space, key, lock, revision, epoch, states) \
                     VALUES ($1, $2, $3, 0, $4, $5::text::json) ON CONFLICT DO NOTHING";
                let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
                    (&&*space, Type::TEXT),
                    (&key, Type::BYTEA),
                    (&lock, Type::TEXT),
                    (&epoch, Type::INT8),
                    (&states, Type::TEXT),
                ];
                client.query_typed(INSERT, &parameters).await.map(drop)
            }
            .boxed()
        })
    }

    fn write_rows(&self, batch: Batch) -> Result<(), CommitError> {
        let not_written = |reason| CommitError::NotWritten { reason };
        let rows = batch.rows.into_iter().map(NewRow::copied);
        let rows: Vec<NewRow> = rows.collect::<Result<_, _>>().map_err(not_written)?;
        let responses: Vec<ResponseRecord> = batch
            .commits
            .into_iter()
            .filter_map(|commit| commit.response)
            .collect();
        let written = self.with_connection(move |client| {
            async move {
                client.batch_execute("BEGIN").await?;
                for rows in rows.chunks(ROWS_AT_ONCE) {
                    copying::insert(client, rows).await?;
                }
                for response in &responses {
                    copying::insert_response(client, response).await?;
                }
                client.batch_execute("COMMIT").await
            }
            .boxed()
        });
        written.map_err(not_written)
    }

    fn flush(&self) -> BoxFuture<'static, ()> {
        let core = Arc::clone(&self.core);
        async move {
            core.counting.done().await;
            core.dispatcher.idle().await;
        }
        .boxed()
    }
}

impl KeptElsewhere for PostgresStore {
    fn find(&self, id: Hash) -> BoxFuture<'static, Result<Option<ResponseRecord>, String>> {
        let core = Arc::clone(&self.core);
        let (reply, found) = oneshot::channel();
        self.thread.spawn(async move {
            let _ = reply.send(core.response(id).await);
        });
        async move {
            let found = found.await.unwrap_or_else(|_| {
                Err(Failure::Refused(
                    "a panic while the server was asked".to_owned(),
                ))
            });
            found.map_err(Failure::reason)
        }
        .boxed()
    }
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.core.server.close();
    }
}
