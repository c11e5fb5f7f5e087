//! The background tasks of an application, as they are operated.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// The background tasks of an application.
#[derive(Clone, Default)]
pub(crate) struct TaskList(Arc<Mutex<Vec<Arc<TaskStatus>>>>);

/// How a background task is doing.
pub(crate) struct TaskStatus {
    pub(crate) name: String,
    restarts: AtomicU64,
    is_waiting: AtomicBool,
    has_ended: AtomicBool,
    last_panic: Mutex<Option<(SystemTime, String)>>,
}

impl TaskList {
    /// Adds a task that is about to start.
    pub(crate) fn add(&self, name: &str) -> Arc<TaskStatus> {
        let status = Arc::new(TaskStatus {
            name: name.to_owned(),
            restarts: AtomicU64::new(0),
            is_waiting: AtomicBool::new(false),
            has_ended: AtomicBool::new(false),
            last_panic: Mutex::new(None),
        });
        guard(&self.0).push(Arc::clone(&status));
        status
    }

    /// All of them, in the order in which they started.
    pub(crate) fn all(&self) -> Vec<Arc<TaskStatus>> {
        guard(&self.0).clone()
    }
}

impl TaskStatus {
    /// It has panicked, and waits until it starts again.
    pub(crate) fn panicked(&self, panic: &str) {
        *guard(&self.last_panic) = Some((SystemTime::now(), panic.to_owned()));
        self.is_waiting.store(true, Relaxed);
    }

    pub(crate) fn restarts(&self) {
        self.is_waiting.store(false, Relaxed);
        self.restarts.fetch_add(1, Relaxed);
    }

    pub(crate) fn ended(&self) {
        self.has_ended.store(true, Relaxed);
    }

    /// What it does now.
    pub(super) fn state(&self) -> &'static str {
        match (self.has_ended.load(Relaxed), self.is_waiting.load(Relaxed)) {
            (true, _) => "ended",
            (_, true) => "waits to start again",
            _ => "runs",
        }
    }

    /// How often it has started again.
    pub(super) fn restart_count(&self) -> u64 {
        self.restarts.load(Relaxed)
    }

    /// When it panicked last, and with which message.
    pub(super) fn last_panic(&self) -> Option<(SystemTime, String)> {
        guard(&self.last_panic).clone()
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
