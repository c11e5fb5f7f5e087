//! One background task, which starts again when it panics.

use crate::http::StopToken;
#[cfg(feature = "operations")]
use crate::operations::TaskStatus;
use crate::sync::{log, panic_message};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::panic::AssertUnwindSafe;
#[cfg(feature = "operations")]
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The pause before a task starts again. It doubles with every panic.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A task that has run for so long is in order again: the next pause is the first one.
const IN_ORDER: Duration = Duration::from_secs(60);

/// A background task that has not started.
pub(in crate::app) struct BackgroundTask {
    pub(in crate::app) name: String,
    run: Box<dyn Fn(StopToken) -> BoxFuture<'static, ()> + Send + Sync>,
}

impl BackgroundTask {
    pub(in crate::app) fn new<F>(
        name: String,
        run: impl Fn(StopToken) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let run = move |stop| -> BoxFuture<'static, ()> { Box::pin(run(stop)) };
        Self {
            name,
            run: Box::new(run),
        }
    }

    /// Runs it until it returns, or panics while the application stops.
    pub(super) async fn run(
        self,
        stop: StopToken,
        #[cfg(feature = "operations")] status: Arc<TaskStatus>,
    ) {
        #[cfg(feature = "operations")]
        let _ended = Ended(Arc::clone(&status));
        let mut pause = FIRST_PAUSE;
        loop {
            let start = Instant::now();
            // What makes the future may panic, too.
            let running = async { (self.run)(stop.clone()).await };
            let Err(panic) = AssertUnwindSafe(running).catch_unwind().await else {
                return;
            };
            let (task, panic) = (&self.name, panic_message(panic.as_ref()));
            if stop.is_requested() {
                log::error!(task, panic, "the background task panicked while it stopped");
                return;
            }
            if start.elapsed() >= IN_ORDER {
                pause = FIRST_PAUSE;
            }
            log::error!(task, panic, again_in = ?pause, "the background task panicked; it starts again");
            #[cfg(feature = "operations")]
            status.panicked(panic);
            tokio::select! {
                () = sleep(pause) => {}
                () = stop.requested() => return,
            }
            #[cfg(feature = "operations")]
            status.restarts();
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

/// However a task ends, also when it is given up.
#[cfg(feature = "operations")]
struct Ended(Arc<TaskStatus>);

#[cfg(feature = "operations")]
impl Drop for Ended {
    fn drop(&mut self) {
        self.0.ended();
    }
}
