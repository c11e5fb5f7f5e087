//! Following one instance of a keyed state.

use super::committed::{Committed, read_value};
use super::shared_map::SharedMap;
use super::shared_state::SharedState;
use crate::lock::LockKey;
use crate::store::{EntryRef, GroupRef, Instance, ReadError};
use std::fmt;
use std::marker::PhantomData;
use tokio::sync::watch;

/// Follows one instance of a keyed state; [`SharedMap::subscribe`] makes it.
///
/// It has no queue: whoever asks seldom gets the newest value, and misses those in between. As long as it is there, the
/// lock of the instance stays in memory.
pub struct Subscription<S> {
    instance: EntryRef<Instance>,
    index: usize,
    revisions: watch::Receiver<u64>,
    /// The last revision that was returned.
    seen: u64,
    state: PhantomData<fn() -> S>,
}

impl<K: LockKey, S: SharedState> SharedMap<K, S> {
    /// Follows an instance, whether it is there or not: [`Subscription::changed`] waits for its next durable commit.
    ///
    /// ```
    /// # use kr_runtime::SharedMap;
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, Default, SharedState)]
    /// # #[shared_state(lock = "cart:{id}")]
    /// # struct Cart { items: u32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let carts = SharedMap::<u64, Cart>::new();
    /// let mut cart = carts.subscribe(&7);
    /// carts.update(&7, |cart| cart.items = 1).await?;
    /// carts.update(&7, |cart| cart.items = 2).await?;
    /// let newest = cart.changed().await?.expect("it is there");
    /// assert_eq!((newest.items, newest.revision()), (2, 2));
    ///
    /// carts.remove(&7).await?;
    /// assert!(cart.changed().await?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn subscribe(&self, key: &K) -> Subscription<S> {
        let instance = self.instance(key);
        let mut revisions = GroupRef::subscribe(&instance);
        let seen = *revisions.borrow_and_update();
        Subscription {
            instance,
            index: self.address().index,
            revisions,
            seen,
            state: PhantomData,
        }
    }
}

impl<S: SharedState> Subscription<S> {
    /// Waits for a commit that has not been returned yet, and returns the newest value; `None` if the instance was removed.
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`ReadError`] as of [`SharedMap::read`]. The next call waits for the next commit.
    pub async fn changed(&mut self) -> Result<Option<Committed<S>>, ReadError> {
        loop {
            // The instance has the other end, and is kept here.
            if self.revisions.changed().await.is_err() {
                return Ok(None);
            }
            let value = read_value(&self.instance, self.index, true).await?;
            // It may be of a later commit than the one that was announced.
            let revision = match &value {
                Some((_, revision)) => *revision,
                None => *self.revisions.borrow(),
            };
            if revision > self.seen {
                self.seen = revision;
                return Ok(value.map(Committed::new));
            }
        }
    }
}

impl<S> fmt::Debug for Subscription<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("lock", &self.instance.group().lock.key())
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}
