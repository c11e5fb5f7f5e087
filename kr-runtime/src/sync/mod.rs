//! What the lock engine is made of.
//!
//! `locks/` takes everything that one task can do to another from here and from nowhere else, so that a model checker can
//! compile the same source against primitives of its own, which try one order of events after the other.

pub(crate) mod timer;

pub(crate) use std::sync::{Mutex, MutexGuard};
pub(crate) use tokio::task;
