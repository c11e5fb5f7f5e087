//! Why a change was not kept, or a value could not be read.

use crate::lock::LockError;

/// Why the store did not keep a commit. The locks had been granted and the change had been made; it is dropped, and
/// nobody has seen it.
///
/// With the memory store a commit never fails.
///
/// ```
/// use kr_runtime::CommitError;
///
/// let error = CommitError::NotWritten { reason: "the disk is full".into() };
/// assert!(error.outcome_is_known());
/// assert_eq!(error.to_string(), "the store did not keep the change: the disk is full; nothing was changed");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// The store could not write the commit. Later ones may work.
    #[error("the store did not keep the change: {reason}; nothing was changed")]
    NotWritten {
        /// What the store said.
        reason: String,
    },
    /// The change was made to a value that another commit had left and that the store did not keep.
    #[error(
        "the change was based on an earlier one that the store did not keep; nothing was changed"
    )]
    BaseNotWritten,
    /// The store cannot tell whether the commit was written, so it may have become durable. Do not take it for rolled
    /// back: look at the state before you try again.
    #[error("it is not known whether the store kept the change: {reason}")]
    Unknown {
        /// What the store said.
        reason: String,
    },
    /// The store takes no more commits until the program is started again.
    #[error(
        "the store takes no more changes after an earlier failure: {reason}; nothing was changed"
    )]
    Closed {
        /// What the earlier failure was.
        reason: String,
    },
    /// The new value would not read back as it is, such as a number that is NaN.
    #[error("state `{state}` cannot be kept: {reason}; nothing was changed")]
    NotStorable {
        /// The state's name.
        state: &'static str,
        /// Why, and where in the value.
        reason: String,
    },
    /// The call changes states of different stores, which cannot be committed in one step.
    #[error("the changed states are in different stores; put them into one; nothing was changed")]
    DifferentStores,
}

impl CommitError {
    /// Whether it is certain that nothing was changed.
    #[must_use]
    pub fn outcome_is_known(&self) -> bool {
        !matches!(self, Self::Unknown { .. })
    }
}

/// Why an update outside a handler did not succeed.
///
/// ```
/// # use kr_runtime::prelude::*;
/// use kr_runtime::UpdateError;
/// # #[derive(Clone, SharedState)]
/// # #[shared_state(lock = "visits")]
/// # struct Visits(u64);
/// # #[derive(Host)]
/// # struct Site { visits: Shared<Visits> }
///
/// # async fn example(site: Site) {
/// match site.update(|visits: &mut Visits| visits.0 += 1).await {
///     Ok(()) => {}
///     Err(UpdateError::Lock(error)) => println!("the lock was not granted: {error}"),
///     Err(UpdateError::Commit(error)) => println!("the change was not kept: {error}"),
///     Err(error) => println!("{error}"),
/// }
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// A lock was not granted, so the change was not made.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The change was made and the store did not keep it.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The store could not be asked what there is to change.
    #[error("the store cannot be read: {reason}")]
    Store {
        /// Why.
        reason: String,
    },
}

impl From<ReadError> for UpdateError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Lock(error) => Self::Lock(error),
            other => Self::Store {
                reason: other.to_string(),
            },
        }
    }
}

/// Why a value could not be read.
///
/// ```
/// # use kr_runtime::prelude::*;
/// use kr_runtime::ReadError;
/// # #[derive(Clone, SharedState)]
/// # #[shared_state(lock = "visits")]
/// # struct Visits(u64);
/// # #[derive(Host)]
/// # struct Site { visits: Shared<Visits> }
///
/// # async fn example(site: Site) -> Result<u64, ReadError> {
/// Ok(site.read::<Visits>().await?.0)
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The state is being changed in place and cannot be read until that is done.
    #[error(
        "a state under lock \"{lock}\" is being changed in place; read it again when that is done"
    )]
    ChangingInPlace {
        /// The lock's key.
        lock: String,
    },
    /// The instance of a keyed state is not in memory; `read` waits for the store, and `latest` does not.
    #[error(
        "the states under lock \"{lock}\" are not in memory yet; use `read`, which waits for the store"
    )]
    NotLoaded {
        /// The lock's key.
        lock: String,
    },
    /// The store could not be read.
    #[error("the store cannot be read: {reason}")]
    Store {
        /// Why.
        reason: String,
    },
    /// The state was being changed in place for longer than the read would wait, or it is damaged, or what the store has
    /// cannot be read.
    #[error(transparent)]
    Lock(#[from] LockError),
}
