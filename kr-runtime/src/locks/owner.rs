//! Who runs: what asks twice for one lock would wait for itself.

use crate::sync::task;
use std::thread::{self, ThreadId};

/// A task, or a thread that runs no task: the future that a runtime was started with, or code outside of any runtime.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Task(task::Id),
    Thread(ThreadId),
}

impl Owner {
    pub(crate) fn current() -> Self {
        match task::try_id() {
            Some(task) => Self::Task(task),
            None => Self::Thread(thread::current().id()),
        }
    }
}
