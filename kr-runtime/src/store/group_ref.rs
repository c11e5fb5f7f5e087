//! How a call refers to a lock group: one that is always there, or that of a key.

use super::entry_ref::EntryRef;
use super::group::LockGroup;
use super::instance::Instance;
use super::stored::RowAddress;
use super::version::Values;
use std::sync::Arc;
use tokio::sync::watch;

/// A lock group that is always there, or that of an instance of a keyed state.
pub(crate) trait GroupRef {
    fn group(&self) -> &LockGroup;

    /// A handle that the store can keep until it has written a commit. The instance of a keyed state stays in memory for
    /// as long.
    fn handle(&self) -> GroupHandle;

    /// Whether it is the instance of a key, which may not be there.
    fn is_instance(&self) -> bool {
        false
    }

    /// Whether the store has been asked for its values. A call that changes them waits for that before it takes the lock.
    fn is_loading(&self) -> bool {
        false
    }

    /// The durable revision, now and as it changes, in other processes as well.
    fn subscribe(&self) -> watch::Receiver<u64> {
        let revisions = self.group().subscribe();
        let store = self.group().chain().shared_store().cloned();
        if let Some(store) = store {
            store.watch(Box::new(self.handle().downgrade()));
        }
        revisions
    }

    /// Where its row is in the store.
    fn row_address(&self) -> RowAddress {
        RowAddress {
            space: Arc::from(""),
            key: self.group().lock.key().as_str().as_bytes().to_vec(),
        }
    }

    /// Its row takes up so many bytes.
    fn set_row_bytes(&self, _bytes: usize) {}

    /// Its lock is held from now on, for a change: states that have no value get their initial ones.
    fn begin_write(&self) {}

    /// A commit is durable, and left these values. Called in the step in which readers begin to see them.
    fn on_publish(&self, _revision: u64, _values: &Values) {}

    /// A commit was dropped.
    fn on_discard(&self, _revision: u64) {}

    /// The values that the states have as long as nothing is committed, if the group does not hold them from the start.
    fn initial_values(&self) -> Values {
        Values::new()
    }
}

/// An owned [`GroupRef`].
#[derive(Clone)]
pub(crate) enum GroupHandle {
    Single(Arc<LockGroup>),
    Instance(EntryRef<Instance>),
}

impl GroupRef for Arc<LockGroup> {
    fn group(&self) -> &LockGroup {
        self
    }

    fn handle(&self) -> GroupHandle {
        GroupHandle::Single(Self::clone(self))
    }
}

impl GroupRef for &Arc<LockGroup> {
    fn group(&self) -> &LockGroup {
        self
    }

    fn handle(&self) -> GroupHandle {
        GroupHandle::Single(Arc::clone(self))
    }
}

impl GroupRef for EntryRef<Instance> {
    fn group(&self) -> &LockGroup {
        Instance::group(self)
    }

    fn handle(&self) -> GroupHandle {
        GroupHandle::Instance(self.clone())
    }

    fn is_instance(&self) -> bool {
        true
    }

    fn is_loading(&self) -> bool {
        !self.is_ready()
    }

    fn row_address(&self) -> RowAddress {
        self.common().row_address(self.key())
    }

    fn set_row_bytes(&self, bytes: usize) {
        self.set_bytes_of_row(bytes);
    }

    fn begin_write(&self) {
        self.fill();
    }

    fn on_publish(&self, revision: u64, values: &Values) {
        if values.is_empty() {
            self.retire(revision);
        }
        if self.set_persistent(!values.is_empty()) {
            self.set_listed(!values.is_empty());
        }
    }

    fn on_discard(&self, revision: u64) {
        self.retire(revision);
    }

    fn initial_values(&self) -> Values {
        self.initial()
    }
}

impl GroupRef for &EntryRef<Instance> {
    fn group(&self) -> &LockGroup {
        (*self).group()
    }

    fn handle(&self) -> GroupHandle {
        (*self).handle()
    }

    fn is_instance(&self) -> bool {
        true
    }

    fn is_loading(&self) -> bool {
        (*self).is_loading()
    }

    fn row_address(&self) -> RowAddress {
        (*self).row_address()
    }

    fn set_row_bytes(&self, bytes: usize) {
        GroupRef::set_row_bytes(*self, bytes);
    }

    fn begin_write(&self) {
        (*self).begin_write();
    }

    fn on_publish(&self, revision: u64, values: &Values) {
        (*self).on_publish(revision, values);
    }

    fn on_discard(&self, revision: u64) {
        (*self).on_discard(revision);
    }

    fn initial_values(&self) -> Values {
        GroupRef::initial_values(*self)
    }
}

impl GroupRef for GroupHandle {
    fn group(&self) -> &LockGroup {
        match self {
            Self::Single(group) => group,
            Self::Instance(entry) => entry.group(),
        }
    }

    fn handle(&self) -> GroupHandle {
        self.clone()
    }

    fn is_instance(&self) -> bool {
        matches!(self, Self::Instance(_))
    }

    fn is_loading(&self) -> bool {
        match self {
            Self::Single(_) => false,
            Self::Instance(entry) => entry.is_loading(),
        }
    }

    fn row_address(&self) -> RowAddress {
        match self {
            Self::Single(group) => group.row_address(),
            Self::Instance(entry) => GroupRef::row_address(entry),
        }
    }

    fn set_row_bytes(&self, bytes: usize) {
        if let Self::Instance(entry) = self {
            GroupRef::set_row_bytes(entry, bytes);
        }
    }

    fn begin_write(&self) {
        if let Self::Instance(entry) = self {
            entry.begin_write();
        }
    }

    fn on_publish(&self, revision: u64, values: &Values) {
        if let Self::Instance(entry) = self {
            entry.on_publish(revision, values);
        }
    }

    fn on_discard(&self, revision: u64) {
        if let Self::Instance(entry) = self {
            entry.on_discard(revision);
        }
    }

    fn initial_values(&self) -> Values {
        match self {
            Self::Single(_) => Values::new(),
            Self::Instance(entry) => GroupRef::initial_values(entry),
        }
    }
}
