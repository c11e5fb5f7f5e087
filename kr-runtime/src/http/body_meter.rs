//! How many bytes of request bodies are in memory before there is a response.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering::Relaxed};

/// How many bytes all bodies together may hold.
pub(crate) struct BodyBudget {
    limit: usize,
    held: AtomicUsize,
}

/// The part of the budget that the body of one request holds, until the request is answered.
pub(crate) struct BodyMeter {
    budget: Arc<BodyBudget>,
    held: AtomicUsize,
    /// Whether all of the body has been received.
    complete: AtomicBool,
    /// Whether further bytes are not held, because the handler takes them as a stream or has answered.
    released: AtomicBool,
    failure: AtomicU8,
}

/// Why a body could not be received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum BodyFailure {
    /// It came too slowly.
    TooSlow = 1,
    /// Too many bytes of all bodies are in memory.
    OutOfMemory = 2,
    /// It was not complete when the server stopped.
    Stopping = 3,
}

impl BodyBudget {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        let held = AtomicUsize::new(0);
        Arc::new(Self { limit, held })
    }
}

impl BodyMeter {
    pub(crate) fn new(budget: Arc<BodyBudget>) -> Arc<Self> {
        Arc::new(Self {
            budget,
            held: AtomicUsize::new(0),
            complete: AtomicBool::new(false),
            released: AtomicBool::new(false),
            failure: AtomicU8::new(0),
        })
    }

    /// Counts bytes that were received. False if there is no room for them.
    pub(crate) fn hold(&self, bytes: usize) -> bool {
        if self.released.load(Relaxed) {
            return true;
        }
        let before = self.budget.held.fetch_add(bytes, Relaxed);
        self.held.fetch_add(bytes, Relaxed);
        before + bytes <= self.budget.limit
    }

    /// All of the body has been received.
    pub(crate) fn complete(&self) {
        self.complete.store(true, Relaxed);
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.complete.load(Relaxed)
    }

    /// The arguments are extracted, or rejected. If it was the body that failed, this says how.
    ///
    /// A handler that has its arguments, but not the whole body, takes the rest as a stream, which holds nothing.
    pub(crate) fn extracted(&self, is_ok: bool) -> Option<BodyFailure> {
        if !is_ok {
            return BodyFailure::from_byte(self.failure.load(Relaxed));
        }
        if !self.is_complete() {
            self.release();
        }
        None
    }

    /// Nothing of the body is held any more.
    pub(crate) fn release(&self) {
        self.released.store(true, Relaxed);
        let held = self.held.swap(0, Relaxed);
        self.budget.held.fetch_sub(held, Relaxed);
    }

    pub(crate) fn fail(&self, failure: BodyFailure) {
        self.failure.store(failure as u8, Relaxed);
    }
}

impl Drop for BodyMeter {
    fn drop(&mut self) {
        self.release();
    }
}

impl BodyFailure {
    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        let all = [Self::TooSlow, Self::OutOfMemory, Self::Stopping];
        all.into_iter().find(|failure| *failure as u8 == byte)
    }

    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::TooSlow => "the body came too slowly",
            Self::OutOfMemory => "the bodies of too many requests are in memory; try again",
            Self::Stopping => "the server is stopping, and the body was not complete; try again",
        }
    }
}
