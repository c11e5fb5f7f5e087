//! The thread that talks to the server, with a runtime of its own: what the application's runtime does holds nothing up.

use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use tokio::runtime::{Builder, Handle};
use tokio::sync::Notify;

/// The thread, for as long as this is kept.
pub(super) struct ServerThread {
    runtime: Handle,
    stop: Arc<Notify>,
}

impl ServerThread {
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        thread::Builder::new()
            .name("kr-postgres".to_owned())
            .spawn(move || runtime.block_on(stopped.notified()))?;
        Ok(Self {
            runtime: handle,
            stop,
        })
    }

    /// Runs something there.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        drop(self.runtime.spawn(work));
    }

    /// Runs something there, and blocks this thread until it is done. `None` if it panicked.
    pub(super) fn wait_for<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (sender, done) = mpsc::channel();
        self.spawn(async move {
            let _ = sender.send(work.await);
        });
        done.recv().ok()
    }
}

impl Drop for ServerThread {
    fn drop(&mut self) {
        self.stop.notify_one();
    }
}
