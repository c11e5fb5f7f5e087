//! Connections to the server.

use super::connect::{Connector, GivenUp};
use super::errors::{Failure, text};
use super::limits::Limits;
use super::tls;
use super::url::Target;
#[cfg(feature = "operations")]
use crate::store::shared::ConnectionCounts;
use deadpool_postgres::{
    Client, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, Timeouts,
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Connections to the server.
pub(super) struct Server {
    pool: Pool,
    pub(super) name: String,
    pub(super) given_up: GivenUp,
}

/// How long a server is tried again that cannot be reached.
const PATIENCE: Duration = Duration::from_secs(3);

impl Server {
    pub(super) fn new(target: &Target, limits: &Limits) -> Result<Self, String> {
        let given_up = GivenUp::default();
        let connector = Connector {
            tls: tls::connector(target)?,
            given_up: given_up.clone(),
        };
        let manager = Manager::from_connect(
            target.config.clone(),
            connector,
            ManagerConfig {
                // What could be wrong with an open connection shows when it is used, and it is dropped then.
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(limits.connections)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            pool,
            name: target.name(),
            given_up,
        })
    }

    /// A connection that works as far as anybody knows. A server that cannot be reached is tried again for a while.
    pub(super) async fn connection(&self, deadline: Option<Instant>) -> Result<Client, Failure> {
        let patience = Instant::now() + PATIENCE;
        let end = deadline.map_or(patience, |deadline| deadline.min(patience));
        let mut pause = Duration::from_millis(20);
        loop {
            let wait = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let timeouts = Timeouts {
                wait: Some(wait.unwrap_or(PATIENCE)),
                create: Some(PATIENCE),
                recycle: None,
            };
            match self.pool.timeout_get(&timeouts).await {
                Ok(client) => return Ok(client),
                Err(PoolError::Timeout(deadpool_postgres::TimeoutType::Wait)) => {
                    return Err(Failure::Refused(format!(
                        "{}: all {} connections are in use; allow more, or look for what takes so long",
                        self.name,
                        self.pool.status().max_size
                    )));
                }
                Err(error) if Instant::now() + pause >= end => {
                    let reason = match error {
                        PoolError::Timeout(_) => format!("it has not answered within {PATIENCE:?}"),
                        error => text(&error),
                    };
                    return Err(Failure::Refused(format!("{}: {reason}", self.name)));
                }
                Err(_) => sleep(pause).await,
            }
            pause = (pause * 2).min(Duration::from_millis(500));
        }
    }

    /// What an error means. A connection on which it happened is not used again, and if the server is going, none is.
    pub(super) fn failed(&self, client: Client, error: &Failure) {
        if matches!(error, Failure::Lost(_)) {
            self.reset();
        }
        drop(Object::take(client));
    }

    /// How many connections there are.
    #[cfg(feature = "operations")]
    pub(super) fn counts(&self) -> ConnectionCounts {
        let status = self.pool.status();
        ConnectionCounts {
            used: status.size.saturating_sub(status.available),
            idle: status.available,
            most: status.max_size,
            waiting: status.waiting,
        }
    }

    /// Drops all connections that nobody uses.
    pub(super) fn reset(&self) {
        self.pool.retain(|_, _| false);
    }

    /// Lets nobody have a connection any more.
    pub(super) fn close(&self) {
        self.pool.close();
    }
}
