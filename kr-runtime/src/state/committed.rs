//! A committed value, read outside a handler.

use crate::lock::WaitPolicy;
use crate::store::{Chain, GroupRef, LockGroup, ReadError, Unavailable, Value, refresh};
use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A committed value of a state, and its revision.
///
/// It holds no lock: later commits do not change it.
///
/// ```
/// # use kr_runtime::prelude::*;
/// # #[derive(Clone, SharedState)]
/// # #[shared_state(lock = "visits")]
/// # struct Visits(u64);
/// # #[derive(Host)]
/// # struct Site { visits: Shared<Visits> }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let site = Site { visits: Shared::new(Visits(0)) };
/// let before = site.read::<Visits>().await?;
/// site.update(|visits: &mut Visits| visits.0 += 1).await?;
/// let after = site.read::<Visits>().await?;
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
    pub(crate) fn new((value, revision): (Value, u64)) -> Self {
        let value = value.downcast();
        let value = value.expect("a value has the type of its handle");
        Self { value, revision }
    }
}

/// The durable value of a state, and its revision; `None` if it is keyed and nothing is committed. Waits for a change in
/// place to end.
pub(crate) async fn read_value(
    group_ref: &impl GroupRef,
    index: usize,
    is_keyed: bool,
) -> Result<Option<(Value, u64)>, ReadError> {
    let mut policy = WaitPolicy::OF_LOCK;
    let group = group_ref.group();
    let mut unavailable: fn(&Chain, usize) -> Option<Unavailable> = Chain::unavailable;
    loop {
        match load(group, index, is_keyed, unavailable) {
            Ok(committed) => return Ok(committed),
            Err(Unavailable::Temporarily) => group.wait_until_available(&mut policy).await?,
            Err(Unavailable::Shared) => {
                refresh(std::slice::from_ref(group_ref), &policy).await?;
                unavailable = Chain::unavailable_as_known;
            }
            Err(damaged) => return Err(group.unavailable(damaged).into()),
        }
    }
}

/// As [`read_value`], at once: the newest value that this process knows.
#[inline]
pub(crate) fn latest_value(
    group: &LockGroup,
    index: usize,
    is_keyed: bool,
) -> Result<Option<(Value, u64)>, ReadError> {
    let loaded = load(group, index, is_keyed, Chain::unavailable_as_known);
    loaded.map_err(|reason| group.unreadable(reason))
}

#[inline]
fn load(
    group: &LockGroup,
    index: usize,
    is_keyed: bool,
    unavailable: impl Fn(&Chain, usize) -> Option<Unavailable>,
) -> Result<Option<(Value, u64)>, Unavailable> {
    let chain = group.chain();
    let version = chain.durable();
    if let Some(unavailable) = unavailable(&chain, index) {
        return Err(unavailable);
    }
    if is_keyed && !version.is_committed() {
        return Ok(None);
    }
    let value = version.values.get(index);
    Ok(value.map(|value| (Arc::clone(value), version.revision())))
}

impl<S> Committed<S> {
    /// The number of the commit that left the value: commits under one lock are numbered, and later ones have greater numbers.
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
