//! Listing the instances of a keyed state, in the order of their keys.

use super::committed::{Committed, read_value};
use super::page::Page;
use super::shared_map::SharedMap;
use super::shared_state::SharedState;
use crate::lock::{LockError, LockKey};
use crate::store::{KeyPage, Listed, ReadError};

/// How many instances are read at a time where all of them are asked for.
const AT_ONCE: usize = 1000;

impl<K: LockKey, S: SharedState> SharedMap<K, S> {
    /// The keys of all instances, in their [order](LockKey::compare).
    ///
    /// # Errors
    /// [`ReadError`] if the store cannot be asked; the memory store always can.
    pub async fn keys(&self) -> Result<Vec<K>, ReadError> {
        self.address().key_space.all_keys().await
    }

    /// How many instances there are.
    ///
    /// # Errors
    /// As [`keys`](Self::keys).
    pub async fn len(&self) -> Result<usize, ReadError> {
        self.address().key_space.count().await
    }

    /// Whether there is no instance.
    ///
    /// # Errors
    /// As [`keys`](Self::keys).
    pub async fn is_empty(&self) -> Result<bool, ReadError> {
        Ok(self.len().await? == 0)
    }

    /// All instances, each as it was last committed. Each has its own lock, so the values are not all of one moment.
    ///
    /// A snapshot of a single instance is `Snapshot::new(&*carts.read(&7).await?)`. A snapshot of all takes what this
    /// returns:
    ///
    /// ```
    /// # use kr_runtime::{SharedMap, Snapshot};
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, Default, Serialize, Deserialize, SharedState)]
    /// # #[shared_state(lock = "cart:{id}")]
    /// # struct Cart { items: Vec<String> }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let carts = SharedMap::<u64, Cart>::new();
    /// carts.update(&7, |cart| cart.items.push("helmet".into())).await?;
    /// let document = Snapshot::new(carts.entries().await?).to_string()?;
    ///
    /// let restored = SharedMap::<u64, Cart>::new();
    /// let carts: Snapshot<Vec<(u64, Cart)>> = Snapshot::from_str(&document)?;
    /// restored.replace_all(carts.into_inner()).await?;
    /// assert_eq!(restored.read(&7).await?.items, ["helmet"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn entries(&self) -> Result<Vec<(K, Committed<S>)>, ReadError> {
        let mut entries = Vec::new();
        let mut after = None;
        loop {
            let page = self.page(after.as_ref(), AT_ONCE).await?;
            entries.extend(page.entries);
            if let Some((key, reason)) = page.unreadable.into_iter().next() {
                let lock = self.lock_key(&key);
                return Err(LockError::Unreadable { lock, reason }.into());
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(entries),
            }
        }
    }

    /// The instances behind a key, or from the first, at most `limit` of them, in the [order](LockKey::compare) of the keys.
    /// A page has one at least, if there is one: after a page of none, nobody could tell where the next one begins.
    /// Each has its own lock, so the values are not all of one moment.
    ///
    /// ```
    /// # use kr_runtime::SharedMap;
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, Default, SharedState)]
    /// # #[shared_state(lock = "cart:{id}")]
    /// # struct Cart { items: Vec<String> }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let carts = SharedMap::<u64, Cart>::new();
    /// for id in [10, 9, 1] {
    ///     carts.update(&id, |cart| cart.items.push("helmet".into())).await?;
    /// }
    /// let page = carts.page(None, 2).await?;
    /// assert_eq!(page.entries.len(), 2);
    /// assert_eq!(page.next, Some(9));
    ///
    /// let page = carts.page(page.next.as_ref(), 2).await?;
    /// assert_eq!(page.entries[0].0, 10);
    /// assert_eq!(page.next, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn page(&self, after: Option<&K>, limit: usize) -> Result<Page<K, S>, ReadError> {
        let address = self.address();
        let page = address.key_space.page(after, limit.max(1)).await?;
        let KeyPage { instances, next } = page;
        let mut page = Page {
            entries: Vec::with_capacity(instances.len()),
            unreadable: Vec::new(),
            next,
        };
        for instance in instances {
            match instance {
                Listed::InMemory(key, instance) => {
                    match read_value(&instance, address.index, true).await {
                        Ok(Some(value)) => page.entries.push((key, Committed::new(value))),
                        Ok(None) => {}
                        Err(ReadError::Lock(LockError::Unreadable { reason, .. })) => {
                            page.unreadable.push((key, reason));
                        }
                        Err(error) => return Err(error),
                    }
                }
                Listed::Stored(key, mut row) => {
                    let value = row.values.get_mut(address.index).and_then(Option::take);
                    let value = value
                        .unwrap_or_else(|| address.key_space.initial_value(&key, address.index));
                    let committed = Committed::new((value, row.revision));
                    page.entries.push((key, committed));
                }
                Listed::Unreadable(key, reason) => page.unreadable.push((key, reason)),
            }
        }
        Ok(page)
    }
}
