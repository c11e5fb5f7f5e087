//! The threads that read a store, so that no thread of the runtime waits for the disk.

use crate::sync::log;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How many reads may wait for the disk at a time.
const THREADS: usize = 4;

type Job = Box<dyn FnOnce() + Send>;

/// Threads that read. They end when this is dropped.
pub(crate) struct ReadThreads(Mutex<Sender<Job>>);

impl ReadThreads {
    /// # Panics
    /// If the system gives no thread.
    pub(super) fn start() -> Self {
        let (sender, jobs) = channel();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..THREADS {
            let jobs = Arc::clone(&jobs);
            let thread = thread::Builder::new().name("kr-store-read".to_owned());
            thread
                .spawn(move || run(&jobs))
                .expect("a thread to read the store");
        }
        Self(Mutex::new(sender))
    }

    /// Runs a job soon.
    pub(super) fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // They end after this only.
        let _ = sender.send(Box::new(job));
    }
}

fn run(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // Reading a value runs the application's code.
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            log::error!("a panic while a value of the store was read");
        }
    }
}
