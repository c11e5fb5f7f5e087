//! Ending the process when the runtime cannot.
//!
//! A runtime waits at its end for every function that runs on it, and a plain handler cannot be interrupted.

use super::hooks::PendingHooks;
use futures_util::future::BoxFuture;
use std::future::pending;
use std::io::{self, Write};
use std::process;
use std::thread;
use std::time::Duration;
use tokio::runtime::{self, Handle};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

/// The time in which the server runs what is registered for the end, unless a handler keeps its thread.
const SERVERS_TURN: Duration = Duration::from_millis(200);

/// The time that is left after that, at most, if a second signal has come.
const LAST_MOMENT: Duration = Duration::from_millis(800);

/// The requests that are not answered, and what else may still run.
#[derive(Clone)]
pub(in crate::app) struct Unanswered {
    pub(in crate::app) runtime: Handle,
    pub(in crate::app) connections: TaskTracker,
    pub(in crate::app) handlers: TaskTracker,
    pub(in crate::app) off_the_workers: TaskTracker,
    pub(in crate::app) tasks: TaskTracker,
    pub(in crate::app) hooks: PendingHooks,
}

/// Ends the process, after a moment.
pub(super) async fn end_soon(hooks: &PendingHooks) -> ! {
    sleep(SERVERS_TURN).await;
    match hooks.take() {
        Some(hooks) => drop(timeout(LAST_MOMENT, run_in_thread(hooks)).await),
        // The server has begun with them, or has nothing to run.
        None => sleep(LAST_MOMENT / 2).await,
    }
    end()
}

/// Ends the process if a handler keeps the thread of the server, so that nothing else can end it. What is registered for the
/// end runs first. Otherwise it never returns.
pub(super) async fn end_if_stuck(hooks: &PendingHooks) -> ! {
    sleep(SERVERS_TURN).await;
    match hooks.take() {
        Some(hooks) => {
            let _ = run_in_thread(hooks).await;
            end()
        }
        None => pending().await,
    }
}

/// Runs it in a thread of its own, which it may block.
fn run_in_thread(hooks: BoxFuture<'static, ()>) -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    let run = move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(hooks);
        }
        let _ = sender.send(());
    };
    // Without a thread the sender is dropped, and so nobody waits.
    let _ = thread::Builder::new()
        .name("kr-on-stop".to_owned())
        .spawn(run);
    receiver
}

/// Ends the process once the program wants to end and a handler does not let it. It never returns; it may never end the
/// process either.
pub(super) async fn end_with_runtime(unanswered: Unanswered) -> ! {
    let is_one_left = || {
        let Unanswered {
            connections,
            handlers,
            off_the_workers,
            tasks,
            ..
        } = &unanswered;
        [connections, handlers, off_the_workers, tasks]
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
