//! What the probes say.
//!
//! `/livez` says whether the runtime of the application still runs tasks: a restart helps if it does not. It never asks the
//! store, since restarting every machine brings no database back. `/readyz` says whether requests should be sent here.

use crate::http::StopToken;
use crate::store::StoreCore;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Between two heartbeats, and between two looks at the store.
const PERIOD: Duration = Duration::from_millis(250);

/// How long the store may take to answer.
const STORE_DEADLINE: Duration = Duration::from_millis(700);

/// What the probes say of an application.
pub(crate) struct Health {
    since: Instant,
    /// Milliseconds from `since` to the last heartbeat.
    heartbeat: AtomicU64,
    /// How old the last heartbeat may be.
    limit: Duration,
    is_serving: AtomicBool,
    stop: StopToken,
    /// The application was asked to stop, and still takes connections.
    leaving: CancellationToken,
    /// Why the store cannot be used.
    store: Mutex<Option<String>>,
}

impl Health {
    pub(crate) fn new(limit: Duration, stop: StopToken, leaving: CancellationToken) -> Arc<Self> {
        Arc::new(Self {
            since: Instant::now(),
            heartbeat: AtomicU64::new(0),
            limit,
            is_serving: AtomicBool::new(false),
            stop,
            leaving,
            store: Mutex::new(None),
        })
    }

    /// Connections are accepted from now on.
    pub(crate) fn serves(&self) {
        self.beat();
        self.is_serving.store(true, Relaxed);
    }

    /// Beats and looks at the store, for as long as the runtime runs it.
    pub(crate) async fn watch(self: Arc<Self>, store: Option<Arc<StoreCore>>) {
        let beat = async {
            loop {
                self.beat();
                sleep(PERIOD).await;
            }
        };
        let look = async {
            let Some(store) = store else {
                return;
            };
            loop {
                let looked = timeout(STORE_DEADLINE, store.check()).await;
                let looked = looked.unwrap_or_else(|_| {
                    Err(format!("it has not answered within {STORE_DEADLINE:?}"))
                });
                *self.store() = looked.err();
                sleep(PERIOD).await;
            }
        };
        tokio::join!(beat, look);
    }

    fn beat(&self) {
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.heartbeat.store(now, Relaxed);
    }

    /// Whether the process should go on.
    ///
    /// # Errors
    /// Why it should be restarted.
    pub(crate) fn is_alive(&self) -> Result<(), String> {
        // Before that, the runtime may have something else to do, such as reading a large file.
        if !self.is_serving.load(Relaxed) {
            return Ok(());
        }
        let last = Duration::from_millis(self.heartbeat.load(Relaxed));
        let age = self.since.elapsed().saturating_sub(last);
        match age <= self.limit {
            true => Ok(()),
            false => Err(format!(
                "the runtime has run no task for {} s",
                age.as_secs()
            )),
        }
    }

    /// Whether requests should be sent here.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn is_ready(&self) -> Result<(), String> {
        if self.is_stopping() {
            return Err("it stops".to_owned());
        }
        if !self.is_serving.load(Relaxed) {
            return Err("it starts".to_owned());
        }
        self.is_alive()?;
        match &*self.store() {
            Some(reason) => Err(format!("the store cannot be used: {reason}")),
            None => Ok(()),
        }
    }

    /// Whether the application was asked to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stop.is_requested() || self.leaving.is_cancelled()
    }

    fn store(&self) -> MutexGuard<'_, Option<String>> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(limit: Duration) -> Arc<Health> {
        Health::new(limit, StopToken::default(), CancellationToken::new())
    }

    #[test]
    fn it_is_ready_from_the_start_of_serving_to_the_signal() {
        let leaving = CancellationToken::new();
        let health = Health::new(
            Duration::from_secs(9),
            StopToken::default(),
            leaving.clone(),
        );
        assert_eq!(health.is_ready(), Err("it starts".to_owned()));
        assert_eq!(health.is_alive(), Ok(()));
        health.serves();
        assert_eq!(health.is_ready(), Ok(()));
        leaving.cancel();
        assert_eq!(health.is_ready(), Err("it stops".to_owned()));
        assert_eq!(health.is_alive(), Ok(()));
    }

    #[test]
    fn a_runtime_that_runs_no_task_is_dead_and_not_ready() {
        let health = health(Duration::from_millis(20));
        health.serves();
        std::thread::sleep(Duration::from_millis(60));
        assert!(health.is_alive().is_err());
        assert!(health.is_ready().is_err());
        health.beat();
        assert_eq!(health.is_alive(), Ok(()));
    }
}
