//! The instances of a keyed state for tools that do not know the type of its key: a key is its bytes in a store.

use super::ReadError;
use super::entry_ref::EntryRef;
use super::instance::Instance;
use super::stored::ReadRow;
use std::pin::Pin;
use std::sync::Arc;

/// A page that the store may have to be asked for.
pub(crate) type ListFuture = Pin<Box<dyn Future<Output = Result<InstancePage, ReadError>> + Send>>;

/// The instances of a keyed state, whatever the type of its key is.
pub(crate) trait InstanceList: Send + Sync {
    /// At most so many instances behind a key, or from the first.
    fn page(self: Arc<Self>, after: Option<Vec<u8>>, limit: usize) -> ListFuture;

    /// At most so many instances behind a key whose names `matches` takes.
    fn search(
        self: Arc<Self>,
        after: Option<Vec<u8>>,
        limit: usize,
        matches: Box<dyn Fn(&str) -> bool + Send + Sync>,
    ) -> ListFuture;

    /// The instances that are in memory and committed, with their keys.
    fn in_memory(&self) -> Vec<(Vec<u8>, EntryRef<Instance>)>;

    /// How often an instance was added to those in memory.
    fn additions(&self) -> u64;

    /// As [`in_memory`](Self::in_memory), those whose keys `is_new` takes.
    fn in_memory_if(&self, is_new: &dyn Fn(&[u8]) -> bool) -> Vec<(Vec<u8>, EntryRef<Instance>)>;

    /// The instance of a key, which is made if there is none; `None` if that is no key.
    fn get_or_create(&self, key: &[u8]) -> Option<EntryRef<Instance>>;

    /// The instance of a key, which need not be committed; `None` if that is no key.
    fn find(&self, key: &[u8]) -> Option<EntryRef<Instance>>;

    /// The instance of a key, if it is in memory; this is no use of it.
    fn peek(&self, key: &[u8]) -> Option<EntryRef<Instance>>;
}

/// Some instances.
pub(crate) struct InstancePage {
    pub(crate) instances: Vec<ListedInstance>,
    /// The key behind which the next page begins, if there may be more.
    pub(crate) next: Option<Vec<u8>>,
}

/// An instance in a list.
pub(crate) struct ListedInstance {
    /// The name of its lock.
    pub(crate) name: String,
    pub(crate) key: Vec<u8>,
    pub(crate) found: Found,
}

/// Where an instance is.
pub(crate) enum Found {
    InMemory(EntryRef<Instance>),
    /// It has only a row.
    Stored(Box<ReadRow>),
    /// Its row cannot be read.
    Unreadable(String),
}
