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
    /// The lock was asked for while another one was held, and elsewhere it is the other way round: two requests could wait
    /// for each other. Only debug builds look for it.
    #[error(
        "lock \"{lock}\" is asked for at {} while lock \"{held}\" is held, taken at {}; elsewhere it is the other way \
         round: held at {}, and the next one asked for at {}; take the locks of one piece of work together, \
         or always in the same order",
        here.1, here.0, there.0, there.1
    )]
    OutOfOrder {
        /// The lock that was asked for.
        lock: String,
        /// The lock that was held.
        held: String,
        /// Where the held one was taken, and the other one asked for.
        here: Box<(String, String)>,
        /// The same two places where it is the other way round; if other locks are between the two, those of the first.
        there: Box<(String, String)>,
    },
    /// A state that the lock guards is damaged: it was being changed in place when a panic came. It can be used again once a
    /// snapshot or a reset has put another value in its place.
    #[error(
        "a state under lock \"{lock}\" is damaged: {reason}; put it back with a snapshot or a reset"
    )]
    Damaged {
        /// The lock's key.
        lock: String,
        /// What happened.
        reason: String,
    },
    /// States whose locks have one template are kept by keys of different types.
    #[error(
        "{states} share lock \"{lock}\" but are kept by keys of different types; give them one type of key"
    )]
    Keys {
        /// The template of the lock.
        lock: String,
        /// The names of the states.
        states: String,
    },
    /// A call borrows one instance of a keyed state twice, so that there would be two drafts of it.
    #[error("{state} under lock \"{lock}\" is borrowed twice by one call; take it once")]
    Twice {
        /// The lock's key.
        lock: String,
        /// The state's name.
        state: String,
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
