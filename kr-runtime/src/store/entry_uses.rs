//! How often an entry of a map is used, and whether it stays when it is not.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many references there are to an entry, whether it stays without any, and whether its value can be used. One number,
/// so that whoever drops the last reference sees the first two.
pub(super) struct Uses(AtomicUsize);

/// The entry is persistent.
const PERSISTENT: usize = 1;

/// Its value cannot be used yet.
const NOT_READY: usize = 2;

/// One reference to it.
const REFERENCE: usize = 4;

impl Uses {
    #[inline]
    pub(super) fn new(is_ready: bool) -> Self {
        Self(AtomicUsize::new(if is_ready { 0 } else { NOT_READY }))
    }

    #[inline]
    pub(super) fn add(&self) {
        self.0.fetch_add(REFERENCE, Ordering::Relaxed);
    }

    /// A reference is gone. Returns whether it was the last one to an entry that is not persistent.
    #[inline]
    pub(super) fn end(&self) -> bool {
        // Earlier users have said by now whether it is persistent.
        self.0.fetch_sub(REFERENCE, Ordering::AcqRel) & !NOT_READY == REFERENCE
    }

    #[inline]
    pub(super) fn is_persistent(&self) -> bool {
        self.0.load(Ordering::Relaxed) & PERSISTENT != 0
    }

    #[inline]
    pub(super) fn set_persistent(&self, is_persistent: bool) {
        match is_persistent {
            true => self.0.fetch_or(PERSISTENT, Ordering::Relaxed),
            false => self.0.fetch_and(!PERSISTENT, Ordering::Relaxed),
        };
    }

    #[inline]
    pub(super) fn are_several(&self) -> bool {
        self.0.load(Ordering::Acquire) / REFERENCE > 1
    }

    /// Whether the entry can be removed.
    #[inline]
    pub(super) fn are_over(&self) -> bool {
        self.0.load(Ordering::Acquire) & !NOT_READY == 0
    }

    #[inline]
    pub(super) fn are_ready(&self) -> bool {
        self.0.load(Ordering::Acquire) & NOT_READY == 0
    }

    #[inline]
    pub(super) fn set_ready(&self) {
        self.0.fetch_and(!NOT_READY, Ordering::Release);
    }
}
