//! A lock as tools see it.

use super::{CallSite, Key};
use serde::Serialize;
use std::time::Duration;

/// A lock as it is at one moment.
///
/// ```
/// # use kr_runtime::Locks;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kr_runtime::LockError> {
/// let locks = Locks::new();
/// let guard = locks.lock("reports").await?;
/// let [status] = &locks.list()[..] else { panic!("one lock is in use") };
/// assert_eq!((status.lock.as_str(), status.waiting), ("reports", 0));
/// assert!(status.holder.as_ref().is_some_and(|holder| holder.call_site.contains(".rs:")));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LockStatus {
    /// The lock's key.
    pub lock: String,
    /// The holder, if there is one.
    pub holder: Option<HolderStatus>,
    /// How many requests wait for it.
    pub waiting: usize,
    /// What has happened to it so far.
    pub counters: LockCounters,
}

/// The holder of a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HolderStatus {
    /// The route, or the line of code.
    pub call_site: String,
    /// How long it has held the lock. Short holds, as of [`Host::update`](crate::Host::update), do not read the clock; for
    /// them the time counts from when it was first asked for.
    pub held_for: Duration,
}

/// What has happened to a lock since it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LockCounters {
    /// How often it was granted.
    pub granted: u64,
    /// How often a request had to wait for it, whether it was granted in the end or not.
    pub waited: u64,
    /// How often a wait ended at its deadline.
    pub timed_out: u64,
    /// How often a request was rejected because the queue was full.
    pub rejected: u64,
}

impl LockStatus {
    pub(super) fn new(
        key: &Key,
        holder: Option<(CallSite, Duration)>,
        waiting: usize,
        counters: LockCounters,
    ) -> Self {
        Self {
            lock: key.as_str().to_owned(),
            holder: holder.map(|(call_site, held_for)| HolderStatus {
                call_site: call_site.to_string(),
                held_for,
            }),
            waiting,
            counters,
        }
    }
}
