//! The store as the rest of kr sees it.

use super::counting::Counting;
use super::dispatcher::Dispatcher;
use super::errors::Failure;
use super::ids::Writers;
use super::options::Limits;
use super::refresh::Refresher;
use super::row::{NewRow, WantedRow, states, to_column};
use super::server::Server;
use super::thread::ServerThread;
use super::url::Target;
use super::watch::Watched;
use super::{counting, schema, sweep, transaction, watch};
use crate::store::engine::Batch;
use crate::store::group_ref::{GroupHandle, GroupRef};
use crate::store::group_rows::WeakHandle;
use crate::store::journal::new_epoch;
use crate::store::responses::{Hash, ResponseRecord};
use crate::store::shared::{Asked, RowLockError, RowLocks, RowRequest, SharedStore};
#[cfg(feature = "operations")]
use crate::store::store_status::StoreStatus;
use crate::store::stored::RowAddress;
use crate::store::version::Stamp;
use crate::store::{CommitError, StoreError};
use futures_util::future::{BoxFuture, FutureExt};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};
use tokio_postgres::types::{ToSql, Type};

/// A store in PostgreSQL.
pub(super) struct PostgresStore {
    pub(super) core: Arc<Core>,
    thread: Arc<ServerThread>,
}

/// What the tasks of a store have in common.
pub(super) struct Core {
    pub(super) server: Server,
    pub(super) limits: Limits,
    /// What the commits of this process leave beside their revisions.
    pub(super) epoch: u64,
    pub(super) writers: Writers,
    pub(super) dispatcher: Dispatcher,
    pub(super) refresher: Refresher,
    pub(super) counting: Counting,
    #[cfg(feature = "operations")]
    pub(super) status: StoreStatus,
    watched: Watched,
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
        let (refresher, refreshes) = Refresher::new();
        let core = Arc::new(Core {
            server,
            limits,
            epoch: new_epoch(),
            writers: Writers::default(),
            dispatcher: Dispatcher::default(),
            refresher,
            counting: Counting::default(),
            #[cfg(feature = "operations")]
            status: StoreStatus::default(),
            watched: Watched::default(),
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
        thread.spawn(refreshes.run(Arc::downgrade(&core)));
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
            match work(&client).await {
                Ok(done) => Ok(done),
                Err(error) => {
                    let failure = Failure::from(&error);
                    core.server.failed(client, &failure);
                    Err(failure)
                }
            }
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

    fn lock_rows(&self, request: RowRequest) -> BoxFuture<'static, Result<RowLocks, RowLockError>> {
        let deadline = request.deadline.map(Instant::from_std);
        let (reply, locked) = oneshot::channel();
        self.core.dispatcher.add(request, reply);
        let core = Arc::clone(&self.core);
        self.thread.spawn(async move { core.dispatch() });
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
        groups: Vec<GroupHandle>,
    ) -> BoxFuture<'static, Result<Vec<Stamp>, RowLockError>> {
        self.core.refresher.ask(groups)
    }

    fn watch(&self, group: WeakHandle) {
        self.core.watched.add(group);
    }

    fn counted(&self, group: GroupHandle) {
        self.core.counting.begin();
        let core = Arc::downgrade(&self.core);
        self.thread.spawn(counting::run(core, group));
    }

    fn response(&self, id: Hash) -> BoxFuture<'static, Result<Option<ResponseRecord>, String>> {
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
        let none = Stamp {
            revision: 0,
            epoch: 0,
        };
        let rows = batch
            .rows
            .into_iter()
            .map(|row| NewRow::of(row, none, self.core.epoch));
        let rows: Vec<NewRow> = rows.collect::<Result<_, _>>().map_err(not_written)?;
        let responses: Vec<ResponseRecord> = batch
            .commits
            .into_iter()
            .filter_map(|commit| commit.response)
            .collect();
        let epoch = to_column(self.core.epoch);
        let written = self.with_connection(move |client| {
            async move {
                client.batch_execute("BEGIN").await?;
                for rows in rows.chunks(ROWS_AT_ONCE) {
                    super::reading::insert(client, rows, epoch).await?;
                }
                for response in &responses {
                    super::reading::insert_response(client, response).await?;
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

impl Core {
    /// Reads rows, on a connection that may have gone: then on another one.
    pub(super) async fn read_rows(
        &self,
        wanted: &[WantedRow],
    ) -> Result<Vec<transaction::Locked>, Failure> {
        let mut is_first = true;
        loop {
            let client = self.server.connection(None).await?;
            match transaction::read_rows(&client, wanted).await {
                Ok(rows) => return Ok(rows),
                Err(failure) => {
                    self.server.failed(client, &failure);
                    if !is_first || !matches!(failure, Failure::Lost(_)) {
                        return Err(failure);
                    }
                    is_first = false;
                }
            }
        }
    }

    async fn response(&self, id: Hash) -> Result<Option<ResponseRecord>, Failure> {
        let client = self.server.connection(None).await?;
        const FIND: &str = "SELECT client, request, response, extract(epoch FROM until - now())::double precision \
             FROM kr.response WHERE id = $1 AND until > now()";
        let found = client.query_typed(FIND, &[(&&id[..], Type::BYTEA)]).await;
        match found {
            Ok(rows) => Ok(rows.first().and_then(|row| {
                let parts: [&[u8]; 3] = [
                    row.try_get(0).ok()?,
                    row.try_get(1).ok()?,
                    row.try_get(2).ok()?,
                ];
                let seconds: f64 = row.try_get(3).ok()?;
                let bytes = [&id[..], parts[0], parts[1], parts[2]].concat();
                let rest = Duration::try_from_secs_f64(seconds).unwrap_or_default();
                ResponseRecord::from_bytes(&bytes, rest)
            })),
            Err(error) => {
                let failure = Failure::from(&error);
                self.server.failed(client, &failure);
                Err(failure)
            }
        }
    }

    pub(super) fn watched(&self) -> Vec<GroupHandle> {
        self.watched.groups()
    }
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.core.server.close();
    }
}

/// What is asked of the server for a group.
pub(super) fn wanted(group: &GroupHandle) -> (Asked, WantedRow) {
    let asked = Asked::now(group);
    let row = WantedRow {
        address: group.row_address(),
        lock: group.group().lock.key().as_str().to_owned(),
        known: asked.known,
        counted: asked.counted,
    };
    (asked, row)
}
