//! Why a lock was not granted.

use std::time::Duration;

/// Why a lock was not granted. Nothing was changed.
///
/// The text is for the log: it names the call sites that compete for the lock.
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
        /// The call site that holds the lock, and how long it has held it.
        holder: Option<(String, Duration)>,
    },
    /// The wait queue of the lock is full.
    #[error("{waiting} requests already wait for lock \"{lock}\"")]
    QueueFull {
        /// The lock's key.
        lock: String,
        /// How many requests wait for it.
        waiting: usize,
    },
    /// The task that asks already holds the lock. Waiting would never end.
    #[error(
        "lock \"{lock}\" is already held by this request: taken at {held_at}, requested again at {requested_at}; \
         locks are not re-entrant, so make both changes in one place"
    )]
    Reentrant {
        /// The lock's key.
        lock: String,
        /// Where it was taken.
        held_at: String,
        /// Where it was requested again.
        requested_at: String,
    },
    /// The lock was requested while another one was held, and elsewhere they are taken in the opposite order: two requests
    /// could wait for each other. Only debug builds check for it.
    #[error(
        "lock \"{lock}\" is requested at {} while lock \"{held}\" is held, taken at {}; elsewhere the order is \
         opposite: held at {}, and the next one requested at {}; take the locks of one piece of work together, \
         or always in the same order",
        here.1, here.0, there.0, there.1
    )]
    OutOfOrder {
        /// The lock that was requested.
        lock: String,
        /// The lock that was held.
        held: String,
        /// Where the held one was taken, and where the other one was requested.
        here: Box<(String, String)>,
        /// The same two call sites in the opposite order; if other locks are between the two, those of the first pair.
        there: Box<(String, String)>,
    },
    /// A state that the lock guards is damaged: a change in place was interrupted by a panic. The state can be used again
    /// once a snapshot or a reset has replaced its value.
    #[error(
        "a state under lock \"{lock}\" is damaged: {reason}; replace its value with a snapshot or a reset"
    )]
    Damaged {
        /// The lock's key.
        lock: String,
        /// What happened.
        reason: String,
    },
    /// The store has values for the states that the lock guards, and they cannot be read.
    #[error("the states under lock \"{lock}\" cannot be read: {reason}")]
    Unreadable {
        /// The lock's key.
        lock: String,
        /// Which state, where in its value, why, and what to do.
        reason: String,
    },
    /// The store could not be read for the states that the lock guards. Later it may.
    #[error("the states under lock \"{lock}\" could not be read: {reason}")]
    StoreUnavailable {
        /// The lock's key.
        lock: String,
        /// What went wrong, and where.
        reason: String,
    },
    /// A key that is longer than stores keep: 400 bytes, with a byte or two for each part of it. A store in memory has no
    /// such limit.
    #[error(
        "the key of lock \"{}\" has {length} bytes, and stores keep 400; use a shorter one, such as a hash of it",
        beginning(.lock)
    )]
    KeyTooLong {
        /// The lock's key.
        lock: String,
        /// The length of the key as it would be stored, in bytes.
        length: usize,
    },
    /// Keyed states that share a lock template have keys of different types.
    #[error(
        "{states} share lock \"{lock}\" but have keys of different types; give them the same key type"
    )]
    KeyTypeMismatch {
        /// The template of the lock.
        lock: String,
        /// The names of the states.
        states: String,
    },
    /// A call borrows one state twice, so that there would be two drafts of it.
    #[error("{state} under lock \"{lock}\" is borrowed twice by one call; borrow it once")]
    DuplicateBorrow {
        /// The lock's key.
        lock: String,
        /// The state's name.
        state: String,
    },
    /// The key is empty or blank.
    #[error("a lock key cannot be empty")]
    EmptyKey,
    /// States that share a lock were first used in different hosts, so each has a lock object of its own.
    #[error(
        "{states} share lock \"{lock}\" but were first used in different hosts; \
         put them into one host before either is used"
    )]
    SplitAcrossHosts {
        /// The lock's key.
        lock: String,
        /// The names of the states.
        states: String,
    },
}

/// The beginning of a key that is too long to be repeated.
fn beginning(lock: &str) -> String {
    let beginning: String = lock.chars().take(60).collect();
    format!("{beginning}…")
}

fn held(holder: &Option<(String, Duration)>) -> String {
    match holder {
        Some((call_site, hold)) => format!("; {call_site} has held it for {hold:.1?}"),
        None => String::new(),
    }
}
