//! Listing the instances of a keyed state, in the order of their keys.

use super::committed::Committed;
use super::page::Page;
use super::shared_map::SharedMap;
use super::shared_state::SharedState;
use crate::lock::LockKey;
use crate::store::ReadError;

impl<K: LockKey, S: SharedState> SharedMap<K, S> {
    /// The keys of all instances, in their [order](LockKey::compare).
    ///
    /// # Errors
    /// [`ReadError`] if the store cannot be asked; the memory store always can.
    #[expect(clippy::unused_async, reason = "a store may have to be asked")]
    pub async fn keys(&self) -> Result<Vec<K>, ReadError> {
        Ok(self.address().key_space.keys())
    }

    /// How many instances there are.
    ///
    /// # Errors
    /// As [`keys`](Self::keys).
    #[expect(clippy::unused_async, reason = "a store may have to be asked")]
    pub async fn len(&self) -> Result<usize, ReadError> {
        Ok(self.address().key_space.len())
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
        Ok(self.page(None, usize::MAX).await?.entries)
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
        let limit = limit.max(1);
        let key_space = &self.address().key_space;
        let mut keys = key_space.page(after, limit.saturating_add(1));
        let has_more = keys.len() > limit;
        keys.truncate(limit);
        let next = keys.last().filter(|_| has_more).cloned();
        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            if let Some(value) = self.get(&key).await? {
                entries.push((key, value));
            }
        }
        Ok(Page { entries, next })
    }
}
