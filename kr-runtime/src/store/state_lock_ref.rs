//! How a call keeps a lock: by its name, or by what it guards.

use super::StateLock;
use super::chain::Chain;
use super::entry_ref::EntryRef;
use super::group_ref::{GroupHandle, GroupRef};
use super::instance::Instance;
use crate::lock::{HasLock, LockHandle, LockRef};
use std::ops::Deref;

/// A lock, kept by whatever it belongs to.
#[derive(Clone)]
pub(crate) enum StateLockRef {
    /// It was found by its name.
    Handle(LockHandle<Chain>),
    /// It guards this group.
    Of(GroupHandle),
}

impl Deref for StateLockRef {
    type Target = StateLock;

    #[inline]
    fn deref(&self) -> &StateLock {
        match self {
            Self::Handle(lock) => lock,
            Self::Of(group) => &group.group().lock,
        }
    }
}

impl LockRef for StateLockRef {
    type Value = Chain;
}

impl HasLock<Chain> for EntryRef<Instance> {
    fn lock(&self) -> &StateLock {
        &self.group().lock
    }
}
