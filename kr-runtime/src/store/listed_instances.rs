//! The instances of each keyed state as a list that does not know the type of its key.

use super::ReadError;
use super::entry_ref::EntryRef;
use super::instance::Instance;
use super::instance_list::{Found, InstanceList, InstancePage, ListFuture, ListedInstance};
use super::key_list::{KeyPage, Listed};
use super::key_space::KeySpace;
use crate::lock::{LockKey, StoredKeyReader};
use std::sync::Arc;

/// How many keys are looked at in a search before it says where it goes on.
const MOST_SEARCHED: usize = 200_000;

/// How many are looked at together.
const AT_ONCE: usize = 1_000;

impl<K: LockKey> InstanceList for KeySpace<K> {
    fn page(self: Arc<Self>, after: Option<Vec<u8>>, limit: usize) -> ListFuture {
        Box::pin(async move {
            let after = self.key_of(after)?;
            let KeyPage { instances, next } = KeySpace::page(&self, after.as_ref(), limit).await?;
            Ok(InstancePage {
                instances: instances.into_iter().map(|it| self.listed(it)).collect(),
                next: next.map(|key| self.stored_key(&key)),
            })
        })
    }

    fn search(
        self: Arc<Self>,
        after: Option<Vec<u8>>,
        limit: usize,
        matches: Box<dyn Fn(&str) -> bool + Send + Sync>,
    ) -> ListFuture {
        Box::pin(async move {
            let mut after = self.key_of(after)?;
            let mut found = Vec::new();
            let mut searched = 0;
            loop {
                let page = KeySpace::page(&self, after.as_ref(), AT_ONCE).await?;
                searched += page.instances.len();
                for listed in page.instances {
                    let name = self.lock_name(key(&listed));
                    if !matches(name.as_str()) {
                        continue;
                    }
                    let last = self.stored_key(key(&listed));
                    found.push(self.listed(listed));
                    if found.len() == limit {
                        return Ok(InstancePage {
                            instances: found,
                            next: Some(last),
                        });
                    }
                }
                after = page.next;
                if after.is_none() || searched >= MOST_SEARCHED {
                    return Ok(InstancePage {
                        instances: found,
                        next: after.map(|key| self.stored_key(&key)),
                    });
                }
                // Others of this runtime have their turn.
                tokio::task::yield_now().await;
            }
        })
    }

    fn in_memory(&self) -> Vec<(Vec<u8>, EntryRef<Instance>)> {
        self.in_memory_if(&|_| true)
    }

    fn additions(&self) -> u64 {
        self.common.index.additions()
    }

    fn in_memory_if(&self, is_new: &dyn Fn(&[u8]) -> bool) -> Vec<(Vec<u8>, EntryRef<Instance>)> {
        let keys = self.common.index.all();
        let instances = keys.into_iter().filter_map(|key| {
            let bytes = self.stored_key(&key);
            is_new(&bytes).then(|| Some((bytes, self.peek(&key)?)))?
        });
        instances.collect()
    }

    fn get_or_create(&self, key: &[u8]) -> Option<EntryRef<Instance>> {
        Some(KeySpace::get_or_create(self, &self.read_key(key)?))
    }

    fn find(&self, key: &[u8]) -> Option<EntryRef<Instance>> {
        KeySpace::find(self, &self.read_key(key)?)
    }

    fn peek(&self, key: &[u8]) -> Option<EntryRef<Instance>> {
        KeySpace::peek(self, &self.read_key(key)?)
    }
}

impl<K: LockKey> KeySpace<K> {
    /// A key of these bytes. Types that cannot be read from bytes are looked for among those that are known.
    fn read_key(&self, bytes: &[u8]) -> Option<K> {
        let mut reader = StoredKeyReader::new(bytes);
        let key = K::read_stored(&mut reader).filter(|_| reader.is_at_end());
        key.or_else(|| {
            let known = self.common.index.all();
            known.into_iter().find(|key| self.stored_key(key) == bytes)
        })
    }

    fn key_of(&self, bytes: Option<Vec<u8>>) -> Result<Option<K>, ReadError> {
        let Some(bytes) = bytes else {
            return Ok(None);
        };
        let key = self.read_key(&bytes).ok_or_else(|| ReadError::Store {
            reason: "the key where the page begins is none".to_owned(),
        })?;
        Ok(Some(key))
    }

    fn listed(&self, listed: Listed<K>) -> ListedInstance {
        let key = key(&listed);
        ListedInstance {
            name: self.lock_name(key).as_str().to_owned(),
            key: self.stored_key(key),
            found: match listed {
                Listed::InMemory(_, instance) => Found::InMemory(instance),
                Listed::Stored(_, row) => Found::Stored(row),
                Listed::Unreadable(_, reason) => Found::Unreadable(reason),
            },
        }
    }
}

fn key<K>(listed: &Listed<K>) -> &K {
    match listed {
        Listed::InMemory(key, _) | Listed::Stored(key, _) | Listed::Unreadable(key, _) => key,
    }
}
