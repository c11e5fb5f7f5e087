//! What asks the application to stop, besides the signals of the operating system.

use super::leave::Leave;
use futures_util::future::{BoxFuture, pending, select_all};
use std::sync::{Mutex, PoisonError};

/// The futures of [`App::shutdown_signal`](crate::App::shutdown_signal).
#[derive(Default)]
pub(in crate::app) struct ShutdownSignals {
    // The mutex makes it `Sync`, as the application is.
    signals: Mutex<Vec<BoxFuture<'static, ()>>>,
}

impl ShutdownSignals {
    pub(in crate::app) fn add(&mut self, signal: impl Future<Output = ()> + Send + 'static) {
        let signals = self.signals.get_mut();
        signals
            .unwrap_or_else(PoisonError::into_inner)
            .push(Box::pin(signal));
    }

    /// Waits until one of them is ready, and requests the stop.
    pub(in crate::app) async fn watch(self, leave: Leave) {
        let signals = self.signals.into_inner();
        let signals = signals.unwrap_or_else(PoisonError::into_inner);
        if signals.is_empty() {
            return pending().await;
        }
        select_all(signals).await;
        leave.request().await;
    }
}
