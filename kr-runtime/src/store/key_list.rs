//! The instances of a keyed state in the order of their keys, from memory or from the store.
//!
//! A store's rows are as its last batch has left them, and instances that are in memory are what readers see of them: so a
//! list sees every commit that was answered before it began.

use super::ReadError;
use super::StoreCore;
use super::engine::Snapshot;
use super::entry_ref::EntryRef;
use super::instance::Instance;
use super::key_space::{KeySpace, StoreFuture};
use super::stored::ReadRow;
use crate::lock::{LockKey, StoredKeyReader};
use std::sync::Arc;
use tokio::sync::oneshot;

/// An instance in a list.
pub(crate) enum Listed<K> {
    /// It is in memory.
    InMemory(K, EntryRef<Instance>),
    /// It has only a row.
    Stored(K, Box<ReadRow>),
    /// Its row cannot be read.
    Unreadable(K, String),
}

/// Some instances of a keyed state.
pub(crate) struct KeyPage<K> {
    pub(crate) instances: Vec<Listed<K>>,
    /// The last key of the page, if there are more behind it.
    pub(crate) next: Option<K>,
}

impl<K: LockKey> KeySpace<K> {
    /// The instances behind a key, or from the first, in order.
    pub(crate) async fn page(
        self: &Arc<Self>,
        after: Option<&K>,
        limit: usize,
    ) -> Result<KeyPage<K>, ReadError> {
        let behind = after.cloned();
        let page = self.ask_store(move |me, store| me.stored_page(store, behind.as_ref(), limit));
        match page {
            Some(page) => page.await,
            None => Ok(self.page_in_memory(after, limit)),
        }
    }

    /// The keys of all instances, in order.
    pub(crate) async fn all_keys(self: &Arc<Self>) -> Result<Vec<K>, ReadError> {
        match self.ask_store(|me, _| me.stored_keys(None, usize::MAX)) {
            Some(keys) => keys.await,
            None => Ok(self.common.index.all()),
        }
    }

    /// How many instances there are.
    pub(crate) async fn count(self: &Arc<Self>) -> Result<usize, ReadError> {
        let counted = self.ask_store(|me, store| {
            let info = snapshot(store)?.space(&me.common.space)?;
            Ok(usize::try_from(info.rows).unwrap_or(usize::MAX))
        });
        match counted {
            Some(counted) => counted.await,
            None => Ok(self.common.index.len()),
        }
    }

    /// Asks the store on one of its threads; `None` if it is memory.
    fn ask_store<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&Self, &StoreCore) -> Result<T, String> + Send + 'static,
    ) -> Option<StoreFuture<T>> {
        let store = self.common.store.get()?;
        store.reading.as_ref()?;
        let (me, store) = (Arc::clone(self), Arc::clone(store));
        Some(Box::pin(async move {
            let (answer, asked) = oneshot::channel();
            let core = Arc::clone(&store);
            let reading = store.reading.as_ref().expect("it was there a moment ago");
            reading.threads.spawn(move || {
                // Nobody waits any more if that fails.
                let _ = answer.send(ask(&me, &core));
            });
            let answer = asked.await;
            let answer = answer.unwrap_or_else(|_| Err("a panic while it was read".to_owned()));
            answer.map_err(|reason| ReadError::Store { reason })
        }))
    }

    fn page_in_memory(&self, after: Option<&K>, limit: usize) -> KeyPage<K> {
        let mut keys = self.common.index.page(after, limit.saturating_add(1));
        let has_more = keys.len() > limit;
        keys.truncate(limit);
        let next = keys.last().filter(|_| has_more).cloned();
        let instances = keys.into_iter().filter_map(|key| {
            let instance = self.get(&key)?;
            Some(Listed::InMemory(key, instance))
        });
        KeyPage {
            instances: instances.collect(),
            next,
        }
    }

    fn stored_page(
        &self,
        store: &StoreCore,
        after: Option<&K>,
        limit: usize,
    ) -> Result<KeyPage<K>, String> {
        let after = after.map(|key| self.stored_key(key));
        let more = limit.saturating_add(1);
        let mut rows = snapshot(store)?.page(&self.common.space, after.as_deref(), more)?;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let mut instances = Vec::with_capacity(rows.len());
        let mut next = None;
        for (bytes, row) in rows {
            let key: K = read_key(&bytes)?;
            next = Some(key.clone());
            // Another process may have changed what is in memory here.
            let in_memory = match store.journal.shared() {
                Some(_) => None,
                None => self.get(&key).filter(EntryRef::is_ready),
            };
            instances.push(match in_memory {
                Some(instance) => Listed::InMemory(key, instance),
                None => match self.schema_of_rows().read_row(&row) {
                    Ok(row) => Listed::Stored(key, Box::new(row)),
                    Err(reason) => Listed::Unreadable(key, reason),
                },
            });
        }
        Ok(KeyPage {
            instances,
            next: next.filter(|_| has_more),
        })
    }

    /// The keys behind a key, or from the first, that the store has. It may wait for the disk.
    pub(crate) fn stored_keys(&self, after: Option<&K>, limit: usize) -> Result<Vec<K>, String> {
        let Some(store) = self.common.store.get() else {
            return Ok(Vec::new());
        };
        let after = after.map(|key| self.stored_key(key));
        let rows = snapshot(store)?.page(&self.common.space, after.as_deref(), limit)?;
        rows.iter().map(|(key, _)| read_key(key)).collect()
    }
}

fn snapshot(store: &StoreCore) -> Result<Arc<dyn Snapshot>, String> {
    store.journal.snapshot().ok_or("it cannot be read")?
}

fn read_key<K: LockKey>(bytes: &[u8]) -> Result<K, String> {
    let mut reader = StoredKeyReader::new(bytes);
    let key = K::read_stored(&mut reader).filter(|_| reader.is_at_end());
    key.ok_or_else(|| {
        format!(
            "a key cannot be read as `{}`: {bytes:02x?}; if the type has a `LockKey` of its own, write `read_stored` for it",
            std::any::type_name::<K>(),
        )
    })
}
