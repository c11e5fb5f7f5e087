//! References to the values of a `KeyMap`, whatever the type of its keys is.

use super::entry_uses::Uses;
use super::usage::LastUse;
use crate::lock::{Key, Lock, WaitLimits};
use std::any::Any;
use std::ops::Deref;
use std::sync::{Arc, Weak};

/// A value that has the lock of its key as a part.
pub(crate) trait HasKeyLock: Send + Sync + 'static {
    /// What its lock guards.
    type Guarded: Send + 'static;

    /// What the values of all keys have in common.
    type Common: Send + Sync + ?Sized;

    fn lock(&self) -> &Lock<Self::Guarded>;

    /// The name of the lock of that key.
    fn lock_key(common: &Self::Common, key: &dyn Any) -> Key;

    /// The limits on waiting for it.
    fn lock_limits(common: &Self::Common) -> WaitLimits;

    /// Nobody has the value any more.
    fn on_drop(&self, _common: &Self::Common) {}
}

/// A reference to the value of a key, which keeps it in the map.
pub(crate) struct EntryRef<V: HasKeyLock>(Option<Arc<dyn AnyEntry<V>>>);

/// A reference to the value of a key that does not keep it in the map.
pub(crate) struct WeakEntryRef<V: HasKeyLock>(Option<Weak<dyn AnyEntry<V>>>);

/// An entry, whatever its key's type is.
pub(super) trait AnyEntry<V: HasKeyLock>: Send + Sync {
    fn value(&self) -> &V;
    fn common(&self) -> &V::Common;
    fn key(&self) -> &dyn Any;
    fn uses(&self) -> &Uses;
    fn revive(self: Arc<Self>) -> Option<EntryRef<V>>;
    fn last_use(&self) -> &LastUse;
    fn release(self: Arc<Self>);
}

impl<V: HasKeyLock> EntryRef<V> {
    /// To be called under the mutex of the entry's shard.
    pub(super) fn new(entry: Arc<dyn AnyEntry<V>>) -> Self {
        entry.uses().add();
        Self(Some(entry))
    }

    /// Says whether the value stays in the map when nobody refers to it. Called under the mutex of its lock only. Returns
    /// whether it was otherwise before.
    pub(crate) fn set_persistent(&self, is_persistent: bool) -> bool {
        let uses = self.entry().uses();
        let is_change = uses.is_persistent() != is_persistent;
        if is_change {
            uses.set_persistent(is_persistent);
        }
        is_change
    }

    /// Whether the value can be used.
    #[inline]
    pub(crate) fn is_ready(&self) -> bool {
        self.entry().uses().are_ready()
    }

    /// The value can be used from now on.
    pub(crate) fn set_ready(&self) {
        self.entry().uses().set_ready();
    }

    /// A reference that does not keep the value in the map.
    pub(crate) fn downgrade(&self) -> WeakEntryRef<V> {
        WeakEntryRef(self.0.as_ref().map(Arc::downgrade))
    }

    /// Whether there are other references to the value.
    pub(crate) fn is_shared(&self) -> bool {
        self.entry().uses().are_several()
    }

    /// Where the clock stood when the value was last used.
    pub(crate) fn last_use(&self) -> u64 {
        self.entry().last_use().get()
    }

    /// The key that the value belongs to.
    pub(crate) fn key(&self) -> &dyn Any {
        self.entry().key()
    }

    /// What the values of all keys have in common.
    pub(crate) fn common(&self) -> &V::Common {
        self.entry().common()
    }

    fn entry(&self) -> &dyn AnyEntry<V> {
        self.0
            .as_deref()
            .expect("a reference has its entry until it is dropped")
    }
}

impl<V: HasKeyLock> WeakEntryRef<V> {
    /// `None` if the value is not in the map any more.
    pub(crate) fn upgrade(&self) -> Option<EntryRef<V>> {
        self.0.as_ref()?.upgrade()?.revive()
    }
}

impl<V: HasKeyLock> Clone for WeakEntryRef<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V: HasKeyLock> Clone for EntryRef<V> {
    fn clone(&self) -> Self {
        self.entry().uses().add();
        Self(self.0.clone())
    }
}

impl<V: HasKeyLock> Deref for EntryRef<V> {
    type Target = V;

    fn deref(&self) -> &V {
        self.entry().value()
    }
}

impl<V: HasKeyLock> Drop for EntryRef<V> {
    fn drop(&mut self) {
        if let Some(entry) = self.0.take() {
            entry.release();
        }
    }
}
