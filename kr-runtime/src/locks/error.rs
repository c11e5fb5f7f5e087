//! Why a lock was not granted.

use std::time::Duration;

/// Why a lock was not granted. Nothing was changed.
///
/// The text is for the log: it names the places in the program that compete for the lock.
///
/// ```
/// # use kr_runtime::{LockError, Locks};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let locks = Locks::new();
/// let _held = locks.lock("reports").await;
/// let error = locks.lock("reports").await.unwrap_err();
/// assert!(matches!(error, LockError::Reentrant { .. }));
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// The lock was not free within the time that the caller would wait.
    #[error("lock \"{lock}\" was not free within {waited:?}{}", held(.holder))]
    TimedOut {
        /// The lock's key.
        lock: String,
        /// How long the request was allowed to wait for all of its locks.
        waited: Duration,
        /// Who holds the lock, and for how long already.
        holder: Option<(String, Duration)>,
    },
    /// As many requests wait for the lock as may.
    #[error("{waiting} requests wait for lock \"{lock}\" already")]
    Crowded {
        /// The lock's key.
        lock: String,
        /// How many wait for it.
        waiting: usize,
    },
    /// The task that asks already holds the lock. Waiting would never end.
    #[error(
        "lock \"{lock}\" is already held by this request: taken at {held_at}, asked for again at {asked_at}; \
         locks are not re-entrant, so make both changes in one place"
    )]
    Reentrant {
        /// The lock's key.
        lock: String,
        /// Where it was taken.
        held_at: String,
        /// Where it was asked for again.
        asked_at: String,
    },
    /// The key is empty, or only white space.
    #[error("a lock key cannot be empty")]
    EmptyKey,
    /// States that share a lock were first used in different hosts, so each has a lock of its own.
    #[error(
        "{states} share lock \"{lock}\" but were first used in different hosts; \
         put them into one host before either is used"
    )]
    Apart {
        /// The lock's key.
        lock: String,
        /// The names of the states.
        states: String,
    },
}

fn held(holder: &Option<(String, Duration)>) -> String {
    match holder {
        Some((place, since)) => format!("; {place} has held it for {since:.1?}"),
        None => String::new(),
    }
}
