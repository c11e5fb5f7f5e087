//! The thread that looks at the application, whether anybody watches or not.

use super::service::Service;
use super::states::histories::Histories;
use super::ticks::Ticks;
use crate::sync::{log, panic_message};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// Between two looks at the states.
const PERIOD: Duration = Duration::from_millis(200);

/// How many looks there are in a second.
const LOOKS: u32 = 5;

/// What the thread has seen.
#[derive(Default)]
pub(super) struct Observed {
    pub(super) histories: Histories,
    pub(super) ticks: Ticks,
}

/// The thread. It ends when this is dropped.
pub(super) struct Watching {
    _ends: Sender<()>,
}

impl Watching {
    /// # Errors
    /// If the system gives no thread.
    pub(super) fn start(service: Arc<Service>, observed: Arc<Observed>) -> io::Result<Self> {
        let (ends, ended) = mpsc::channel::<()>();
        let thread = thread::Builder::new().name("kr-operations-watch".to_owned());
        thread.spawn(move || {
            let mut looks = 0;
            while ended.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                looks += 1;
                // A state's own code makes its JSON, and may panic.
                let looked = catch_unwind(AssertUnwindSafe(|| {
                    observed.histories.look(&service);
                    if looks % LOOKS == 0 {
                        observed.ticks.tick(&service);
                    }
                }));
                if let Err(panic) = looked {
                    let panic = panic_message(panic.as_ref());
                    log::error!(panic, "operations: a state could not be looked at");
                }
            }
        })?;
        Ok(Self { _ends: ends })
    }
}
