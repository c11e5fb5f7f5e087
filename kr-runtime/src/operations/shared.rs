//! What all handlers share.

use super::access::Guarded;
use super::overview::{self, Overview};
use super::service::Service;
use super::snapshots::Pending;
use super::watch::{Observed, Watching};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// What all handlers share.
pub(super) struct Shared {
    pub(super) service: Arc<Service>,
    pub(super) observed: Arc<Observed>,
    pub(super) pending: Pending,
    /// The last overview, for whoever asks within the same moment.
    recent: Mutex<Option<(Instant, Overview)>>,
    pub(super) guarded: Guarded,
    /// The listener ends.
    pub(super) closing: CancellationToken,
    _watching: Watching,
}

impl Shared {
    /// # Errors
    /// If the system gives no thread.
    pub(super) fn new(
        service: Arc<Service>,
        guarded: Guarded,
        closing: CancellationToken,
    ) -> io::Result<Self> {
        let observed = Arc::<Observed>::default();
        Ok(Self {
            _watching: Watching::start(Arc::clone(&service), Arc::clone(&observed))?,
            service,
            observed,
            pending: Pending::default(),
            recent: Mutex::new(None),
            guarded,
            closing,
        })
    }

    /// The application at a glance.
    pub(super) fn overview(&self) -> Overview {
        overview::overview(&self.recent, &self.service, &self.observed.ticks)
    }
}
