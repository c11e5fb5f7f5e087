//! Finds plain handlers that keep a worker of the runtime busy.
//!
//! While a plain handler runs, its worker serves nobody else. Each thread writes down which handler it runs, which costs a
//! few instructions; a thread of the server looks at all of them a few times a second.

use crate::check::HandlerInfo;
use crate::sync::log;
use std::collections::HashMap;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// How long a handler may keep a worker before the log says so.
const PATIENCE: Duration = Duration::from_millis(100);

/// How often the log says so of one route.
const REPORT_INTERVAL: Duration = Duration::from_secs(60);

/// The threads that have run a handler.
static THREADS: Mutex<Vec<Weak<Current>>> = Mutex::new(Vec::new());

thread_local! {
    static CURRENT: Arc<Current> = Current::of_this_thread();
}

/// What a thread runs.
#[derive(Default)]
struct Current {
    /// The address of the handler's `HandlerInfo`; 0 if there is none.
    handler: AtomicUsize,
    /// How many handlers the thread has run.
    count: AtomicUsize,
}

impl Current {
    fn of_this_thread() -> Arc<Self> {
        let current = Arc::default();
        let mut threads = threads();
        threads.retain(|thread| thread.strong_count() > 0);
        threads.push(Arc::downgrade(&current));
        current
    }
}

fn threads() -> std::sync::MutexGuard<'static, Vec<Weak<Current>>> {
    THREADS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn address(info: &'static HandlerInfo) -> usize {
    ptr::from_ref(info).addr()
}

/// A plain handler that runs on this thread. It ends when this is dropped.
pub(super) struct OnWorker;

impl OnWorker {
    #[inline]
    pub(super) fn run(info: &'static HandlerInfo) -> Self {
        CURRENT.with(|current| {
            // This thread alone writes them.
            current
                .count
                .store(current.count.load(Relaxed).wrapping_add(1), Relaxed);
            current.handler.store(address(info), Relaxed);
        });
        Self
    }
}

impl Drop for OnWorker {
    #[inline]
    fn drop(&mut self) {
        CURRENT.with(|current| current.handler.store(0, Relaxed));
    }
}

/// Looks for handlers that keep a worker busy, among those of one server.
#[derive(Default)]
pub(crate) struct WorkerWatch {
    handlers: HashMap<usize, &'static HandlerInfo>,
    /// What each thread ran at the last look, and since when at least.
    seen: Vec<Seen>,
    /// When the log has last said so of a handler.
    reported: HashMap<usize, Instant>,
}

#[derive(Clone, Copy)]
struct Seen {
    thread: usize,
    handler: usize,
    count: usize,
    since: Instant,
}

impl WorkerWatch {
    pub(crate) fn new(handlers: impl Iterator<Item = &'static HandlerInfo>) -> Self {
        Self {
            handlers: handlers.map(|info| (address(info), info)).collect(),
            seen: Vec::new(),
            reported: HashMap::new(),
        }
    }

    /// Looks at what every thread runs, and logs the handlers that have kept theirs for too long.
    pub(crate) fn look(&mut self) {
        let now = Instant::now();
        let running: Vec<Seen> = threads()
            .iter()
            .filter_map(Weak::upgrade)
            .map(|thread| Seen {
                thread: Arc::as_ptr(&thread).addr(),
                handler: thread.handler.load(Relaxed),
                count: thread.count.load(Relaxed),
                since: now,
            })
            .filter(|seen| seen.handler != 0)
            .collect();
        let before = std::mem::replace(&mut self.seen, running);
        for seen in &mut self.seen {
            let is_same = |known: &&Seen| {
                (known.thread, known.handler, known.count)
                    == (seen.thread, seen.handler, seen.count)
            };
            if let Some(known) = before.iter().find(is_same) {
                seen.since = known.since;
            }
        }
        let long: Vec<Seen> = self
            .seen
            .iter()
            .filter(|seen| now - seen.since >= PATIENCE)
            .copied()
            .collect();
        for seen in long {
            self.report(seen, now);
        }
    }

    fn report(&mut self, seen: Seen, now: Instant) {
        let Some(info) = self.handlers.get(&seen.handler) else {
            return;
        };
        let last = self.reported.get(&seen.handler);
        if last.is_some_and(|last| now - *last < REPORT_INTERVAL) {
            return;
        }
        self.reported.insert(seen.handler, now);
        log::warn!(
            route = %info,
            running = ?(now - seen.since),
            "the handler keeps a worker of the runtime busy, and other requests may wait for it; \
             add `blocking` to its `#[kr_route]`, or make it an `async fn` that awaits what it waits for"
        );
    }
}
