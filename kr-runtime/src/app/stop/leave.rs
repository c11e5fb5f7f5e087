//! The time between a signal to stop and the stop.

use crate::http::StopToken;
use std::time::Duration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// How an application that was asked to stop leaves: it says so, and takes connections for a while.
#[derive(Clone)]
pub(in crate::app) struct Leave {
    pub(in crate::app) stop: StopToken,
    /// Cancelled when the application was asked to stop.
    pub(in crate::app) leaving: CancellationToken,
    pub(in crate::app) delay: Duration,
}

impl Leave {
    /// Stops after the delay.
    pub(super) async fn request(&self) {
        self.leaving.cancel();
        if !self.delay.is_zero() {
            tokio::select! {
                () = sleep(self.delay) => {}
                () = self.stop.requested() => {}
            }
        }
        self.stop.request();
    }
}
