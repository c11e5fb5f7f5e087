//! Opening a store in PostgreSQL.

use super::limits::Limits;
use super::reading::Rows;
use super::statement::Statements;
use super::store::PostgresStore;
use super::url::Target;
use crate::store::{Durable, Store, StoreError};
use std::sync::Arc;
use std::time::Duration;

/// How a store in PostgreSQL is opened: [`Store::connect`] with more to say.
///
/// ```no_run
/// use kr_runtime::PostgresOptions;
/// use std::time::Duration;
///
/// # fn main() -> Result<(), kr_runtime::StoreError> {
/// let store = PostgresOptions::new()
///     .connections(20)
///     .batch_calls(128)
///     .idle_timeout(Duration::from_secs(2))
///     .connect("postgres://bank@db.example/bank")?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct PostgresOptions {
    limits: Limits,
}

impl PostgresOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many connections this process opens at most; 10 unless this says otherwise. Two at least are needed.
    pub fn connections(mut self, most: usize) -> Self {
        self.limits.connections = most.max(2);
        self
    }

    /// How many calls share a transaction at most; 64 unless this says otherwise. More are faster under one hot lock, and
    /// other processes wait longer for it.
    pub fn batch_calls(mut self, most: usize) -> Self {
        self.limits.batch_calls = most.max(1);
        self
    }

    /// How long a transaction takes calls in; 5 milliseconds unless this says otherwise.
    pub fn batch_time(mut self, time: Duration) -> Self {
        self.limits.batch_time = time;
        self
    }

    /// How long the server lets a process that was stopped, or cut off, keep the rows that it holds; 5 seconds unless this
    /// says otherwise. A process that runs says twice in that time that it is there, so a handler may take longer.
    pub fn idle_timeout(mut self, time: Duration) -> Self {
        self.limits.idle_timeout = time.max(Duration::from_millis(100));
        self
    }

    /// How often the store is asked for changes of other processes that somebody subscribes to; every 100 milliseconds
    /// unless this says otherwise.
    pub fn watch_interval(mut self, interval: Duration) -> Self {
        self.limits.watch_interval = interval.max(Duration::from_millis(1));
        self
    }

    /// Whether statements are prepared once for each connection; they are not unless this says so. It makes a change about
    /// a fifth cheaper. It is for connections straight to the server, and for poolers that know of prepared statements:
    /// PgBouncer since 1.21, with `max_prepared_statements`. An older one in transaction mode mixes up the statements of its
    /// clients.
    pub fn prepared_statements(mut self, prepared: bool) -> Self {
        self.limits.statements = match prepared {
            true => Statements::Named,
            false => Statements::Unnamed,
        };
        self
    }

    /// Opens the store, as [`Store::connect`] does. It blocks the thread until the server has answered.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub fn connect(self, url: &str) -> Result<Store<Durable>, StoreError> {
        let target = Target::parse(url).map_err(|reason| StoreError::Url { reason })?;
        let name = target.name();
        let store = PostgresStore::connect(&target, self.limits)?;
        let reader = Arc::new(Rows::of(&store));
        let epoch = store.epoch();
        let responses = Arc::clone(&store);
        Ok(Store::of_shared(store, responses, reader, epoch, name))
    }
}

impl Store<Durable> {
    /// State in PostgreSQL, which any number of processes share. The feature `postgres` brings this.
    ///
    /// The tables are made at the first start, in a schema of their own, `kr`. An answer leaves when the server has
    /// committed. A read sees every commit that was answered before it began, in any process.
    ///
    /// The URL is as for libpq: `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=ca.pem`. It
    /// blocks the thread until the server has answered.
    ///
    /// ```no_run
    /// use kr_runtime::Store;
    ///
    /// # fn main() -> Result<(), kr_runtime::StoreError> {
    /// let store = Store::connect("postgres://bank@db.example/bank")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Url`] if the URL is wrong, [`StoreError::Server`] if the server cannot be reached or refuses, and
    /// [`StoreError::Format`] if its tables are of another version of kr.
    pub fn connect(url: &str) -> Result<Self, StoreError> {
        PostgresOptions::new().connect(url)
    }
}
