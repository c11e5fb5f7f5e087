//! A committed value, to read outside a handler.

use crate::lock::LockError;
use crate::store::lock_group::{Group, Slot};
use crate::transaction::in_place;
use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The last committed value of a state, and the revision that it belongs to.
///
/// It holds no lock: commits go on, and this stays what it was.
///
/// ```
/// # use kr_runtime::prelude::*;
/// # #[derive(Clone, SharedState)]
/// # #[shared_state(lock = "visits")]
/// # struct Visits(u64);
/// # #[derive(Host)]
/// # struct Site { visits: Shared<Visits> }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kr_runtime::LockError> {
/// # let site = Site { visits: Shared::new(Visits(0)) };
/// let before = site.read::<Visits>();
/// site.update(|visits: &mut Visits| visits.0 += 1).await?;
/// let after = site.read::<Visits>();
/// assert_eq!((before.0, before.revision()), (0, 0));
/// assert_eq!((after.0, after.revision()), (1, 1));
/// # Ok(())
/// # }
/// ```
pub struct Committed<S> {
    pub(crate) value: Arc<S>,
    pub(crate) revision: u64,
}

impl<S: Send + Sync + 'static> Committed<S> {
    pub(crate) fn new(slot: Slot, revision: u64) -> Self {
        let value = slot.downcast();
        let value = value.expect("a slot holds the type of its handle");
        Self { value, revision }
    }

    /// The value at a place of a group; `None` if nothing was ever committed there.
    pub(crate) fn of(group: &Group, slot: usize) -> Result<Option<Self>, LockError> {
        let cut = in_place::look(group, slot)?;
        let value = cut.slots.get(slot).cloned();
        Ok(value.map(|value| Self::new(value, cut.revision)))
    }
}

impl<S> Committed<S> {
    /// How many commits the state's lock had seen when this value was read.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The value itself, shared with whoever else reads it.
    #[must_use]
    pub fn into_inner(self) -> Arc<S> {
        self.value
    }
}

impl<S> Deref for Committed<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.value
    }
}

impl<S> Clone for Committed<S> {
    fn clone(&self) -> Self {
        Self {
            value: Arc::clone(&self.value),
            revision: self.revision,
        }
    }
}

/// As the value itself.
impl<S: Serialize> Serialize for Committed<S> {
    fn serialize<T: Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        self.value.serialize(serializer)
    }
}

impl<S: fmt::Debug> fmt::Debug for Committed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Committed")
            .field("revision", &self.revision)
            .field("value", &self.value)
            .finish()
    }
}
