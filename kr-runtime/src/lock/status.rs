//! What can be seen of a lock from outside.

use super::{Key, Place};
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
/// assert!(status.holder.as_ref().is_some_and(|holder| holder.place.contains(".rs:")));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LockStatus {
    /// The lock's key.
    pub lock: String,
    /// Who holds it, if anybody does.
    pub holder: Option<HolderStatus>,
    /// How many requests wait for it.
    pub waiting: usize,
    /// What has happened to it so far.
    pub totals: Totals,
}

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HolderStatus {
    /// The route, or the line of code.
    pub place: String,
    /// For how long already. A change made in code, by [`Host::update`](crate::Host::update) and its like, does not read
    /// the clock: it is counted from when somebody first looked, or waited in vain.
    pub held_for: Duration,
}

/// What has happened to a lock since it exists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// How often it was granted.
    pub granted: u64,
    /// How often somebody had to wait for it, whether it was granted in the end or not.
    pub waited: u64,
    /// How often a wait ended at its deadline.
    pub timed_out: u64,
    /// How often a request was turned away because too many waited already.
    pub turned_away: u64,
}

impl LockStatus {
    pub(super) fn new(
        key: &Key,
        holder: Option<(Place, Duration)>,
        waiting: usize,
        totals: Totals,
    ) -> Self {
        Self {
            lock: key.as_str().to_owned(),
            holder: holder.map(|(place, held_for)| HolderStatus {
                place: place.to_string(),
                held_for,
            }),
            waiting,
            totals,
        }
    }
}
