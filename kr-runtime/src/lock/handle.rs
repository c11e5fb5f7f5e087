//! A lock that was found by its name.

use super::{Lock, LockRef, NamedLock};
use std::ops::Deref;
use std::sync::Arc;

/// A lock that was found by its name, which exists for as long as somebody keeps it.
pub(crate) enum LockHandle<V> {
    /// It is on its own.
    Own(Arc<NamedLock<V>>),
    /// It is a part of something else.
    Part(Arc<dyn HasLock<V>>),
}

/// What keeps a lock that it is not on its own.
pub(crate) trait HasLock<V>: Send + Sync {
    fn lock(&self) -> &Lock<V>;
}

impl<V> Deref for LockHandle<V> {
    type Target = Lock<V>;

    fn deref(&self) -> &Lock<V> {
        match self {
            Self::Own(lock) => lock,
            Self::Part(owner) => owner.lock(),
        }
    }
}

impl<V> Clone for LockHandle<V> {
    fn clone(&self) -> Self {
        match self {
            Self::Own(lock) => Self::Own(Arc::clone(lock)),
            Self::Part(owner) => Self::Part(Arc::clone(owner)),
        }
    }
}

impl<V: Send + 'static> LockRef for LockHandle<V> {
    type Value = V;
}
