//! Ending the process when the runtime cannot.
//!
//! A runtime waits at its end for every function that runs on it, and a plain handler cannot be interrupted.

use std::io::{self, Write};
use std::process;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::sleep;
use tokio_util::task::TaskTracker;

/// The time for what the program does after the server has ended, if a second signal has come.
const LAST_MOMENT: Duration = Duration::from_millis(700);

/// The requests that are not answered, and what else may still run.
#[derive(Clone)]
pub(in crate::app) struct Unanswered {
    pub(in crate::app) runtime: Handle,
    pub(in crate::app) connections: TaskTracker,
    pub(in crate::app) handlers: TaskTracker,
    pub(in crate::app) tasks: TaskTracker,
}

/// Ends the process, after a moment.
pub(super) async fn end_soon() -> ! {
    sleep(LAST_MOMENT).await;
    end()
}

/// Ends the process once the program wants to end and a handler does not let it. It never returns; it may never end the
/// process either.
pub(super) async fn end_with_runtime(unanswered: Unanswered) -> ! {
    let is_one_left = || {
        let Unanswered {
            connections,
            handlers,
            tasks,
            ..
        } = &unanswered;
        [connections, handlers, tasks]
            .iter()
            .any(|tracker| !tracker.is_empty())
    };
    loop {
        sleep(Duration::from_millis(100)).await;
        if is_one_left() && is_shut_down(&unanswered.runtime).await {
            // By the end of that, handlers that can be interrupted are.
            sleep(Duration::from_millis(100)).await;
            if is_one_left() {
                end();
            }
        }
    }
}

/// A runtime that shuts down drops functions instead of running them. Its tasks it may keep as long as no worker is free.
async fn is_shut_down(runtime: &Handle) -> bool {
    let (sender, receiver) = oneshot::channel();
    drop(runtime.spawn_blocking(move || sender.send(())));
    receiver.await.is_err()
}

fn end() -> ! {
    let text = "Error: stopped before every request was answered; a handler was still running\n";
    let _ = io::stderr().write_all(text.as_bytes());
    process::exit(1)
}
