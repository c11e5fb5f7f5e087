//! A handler on its host, with everything that it needs resolved.

use super::cached_response::CachedResponse;
use super::call_target::CallTarget;
use super::entity_tag::EntityTags;
use super::idempotent::IdempotentCalls;
use super::live::Feeds;
#[cfg(feature = "operations")]
use super::route_metrics::RouteMetrics;
use crate::check::HandlerInfo;
use crate::host::OwnedPlan;
use crate::lock::{CallSite, LockError, WaitPolicy};
use crate::store::{GroupHandle, Stamp, StateLockRef, Unavailable};
use crate::transaction::{RunIn, Transaction};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// A handler on its host, with everything that it needs resolved.
pub struct BoundHandler {
    pub(crate) info: &'static HandlerInfo,
    pub(crate) target: CallTarget,
    pub(crate) lock_timeout: Duration,
    pub(crate) max_waiters: usize,
    pub(crate) hold_timeout: Duration,
    /// The handlers that run in tasks of their own; a graceful stop waits for them.
    pub(crate) running: TaskTracker,
    /// The functions that run off the workers.
    pub(crate) off_the_workers: TaskTracker,
    /// Of a route with `cached`; other routes leave it empty.
    pub(crate) cached_response: CachedResponse,
    /// Of a route with `etag`.
    pub(crate) tags: EntityTags,
    /// Of a route with `live`; other routes leave it empty.
    pub(crate) feeds: Feeds,
    /// If its requests are counted and timed.
    #[cfg(feature = "operations")]
    pub(crate) metrics: Option<&'static RouteMetrics>,
    /// For a route with `idempotent`.
    pub(crate) idempotent_calls: Arc<IdempotentCalls>,
}

/// What one call of a handler works on.
pub struct ResolvedCall(pub(super) Result<Arc<OwnedPlan>, Box<LockError>>);

/// A call of a handler that has its locks.
pub(super) type HandlerTransaction = Transaction<Arc<OwnedPlan>, GroupHandle, StateLockRef>;

impl BoundHandler {
    /// Takes the locks and makes the drafts.
    pub(super) async fn begin(
        &self,
        ResolvedCall(plan): ResolvedCall,
        run_in: RunIn,
    ) -> Result<HandlerTransaction, LockError> {
        let plan = plan.map_err(|error| *error)?;
        let mut policy = WaitPolicy::within(self.lock_timeout).max_waiters(self.max_waiters);
        let call_site = CallSite::Route(&self.info.label);
        Transaction::begin(plan, call_site, run_in, &mut policy).await
    }

    /// Loads committed values. They are there at once, unless one is being changed in place.
    pub(super) async fn load<T>(
        &self,
        ResolvedCall(plan): &ResolvedCall,
        load: impl Fn(&OwnedPlan, Option<&[Stamp]>) -> Result<T, (usize, Unavailable)>,
    ) -> Result<T, LockError> {
        let plan = plan.as_ref().map_err(|error| (**error).clone())?;
        let mut policy = WaitPolicy::within(self.lock_timeout);
        plan.read(&mut policy, self.info.stale, load).await
    }
}
