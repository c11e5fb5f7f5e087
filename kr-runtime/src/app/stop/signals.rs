//! The signals that end a program: Ctrl-C and, where there is one, SIGTERM.
//!
//! A thread of its own waits for them and for the end of the drain time, so that no handler can hold them up.

use super::last_resort::{Unanswered, end_if_stuck, end_soon, end_with_runtime};
use super::leave::Leave;
use std::io;
use std::thread;
use std::time::Duration;
use tokio::runtime;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// The thread that waits for signals. It stays until the process ends, since a program that has once asked for signals is no
/// longer ended by them.
pub(in crate::app) struct Signals {
    give_up: CancellationToken,
}

impl Signals {
    /// The first signal requests the stop, if nothing else has done so; the next one, or the end of the drain time, gives up what is not done.
    pub(in crate::app) fn watch(
        leave: Leave,
        drain: Duration,
        unanswered: Unanswered,
    ) -> io::Result<Self> {
        let give_up = CancellationToken::new();
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let signals = {
            let _entered = runtime.enter();
            Received::install()?
        };
        let watching = watch(signals, leave, drain, give_up.clone(), unanswered);
        thread::Builder::new()
            .name("kr-signals".to_owned())
            .spawn(move || runtime.block_on(watching))?;
        Ok(Self { give_up })
    }

    /// Waits until what is not done is given up.
    pub(in crate::app) async fn give_up(&self) {
        self.give_up.cancelled().await;
    }
}

async fn watch(
    mut signals: Received,
    leave: Leave,
    drain: Duration,
    give_up: CancellationToken,
    unanswered: Unanswered,
) {
    let is_signal = tokio::select! {
        () = signals.next() => true,
        () = leave.stop.requested() => false,
    };
    let is_repeated = tokio::select! {
        () = leave.request() => false,
        () = signals.next() => true,
    };
    leave.stop.request();
    let hooks = unanswered.hooks.clone();
    if is_repeated {
        give_up.cancel();
        end_soon(&hooks).await;
    }
    tokio::select! {
        () = sleep(drain) => {
            give_up.cancel();
            tokio::select! {
                _ = end_with_runtime(unanswered) => {}
                // Without a signal nobody has asked for the end of the process.
                _ = end_if_stuck(&hooks), if is_signal => {}
                () = signals.next() => {}
            }
        }
        () = signals.next() => give_up.cancel(),
    }
    end_soon(&hooks).await;
}

#[cfg(unix)]
struct Received {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Received {
    fn install() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Received;

#[cfg(not(unix))]
impl Received {
    fn install() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
