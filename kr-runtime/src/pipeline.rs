//! The one order in which a request is answered: extract, take the locks, load, run, commit, release, respond.
//!
//! `#[kr_route]` fills in how to extract, what to run and how to respond; the order is here and nowhere else.

use crate::draft::{Plan, Runs, States};
use crate::locks::{Deadline, Guards, LockError, LockGuard, Place};
use crate::meta::Meta;
use crate::problem::Problem;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

/// A handler on its host, with everything that it needs resolved.
pub struct Site {
    pub(crate) meta: &'static Meta,
    pub(crate) plan: Plan,
    pub(crate) wait: Duration,
    pub(crate) max_waiters: usize,
    pub(crate) hold: Duration,
    /// The handlers that run in tasks of their own; a graceful stop waits for them.
    pub(crate) running: TaskTracker,
}

/// What a handler returned, and whether its drafts are to be committed.
pub struct Ran<T> {
    pub(crate) output: T,
    pub(crate) commits: bool,
}

/// A handler that changes nothing: no lock, and the response may borrow from the state.
pub fn read<A, X, F>(
    site: Arc<Site>,
    request: Request,
    extract: impl FnOnce(Request) -> X,
    run: impl FnOnce(A, States) -> F,
) -> impl Future<Output = Response>
where
    X: Future<Output = Result<A, Response>>,
    F: Future<Output = Response>,
{
    or_panicked(site.meta, async move {
        match extract(request).await {
            Ok(arguments) => run(arguments, site.plan.load()).await,
            Err(rejected) => rejected,
        }
    })
}

/// A plain function that changes state. From the grant to the release nothing is awaited, so nothing can cut it off.
pub fn write<A, T, X>(
    site: Arc<Site>,
    request: Request,
    extract: impl FnOnce(Request) -> X,
    run: impl FnOnce(A, &mut States) -> Ran<T>,
    respond: impl FnOnce(T) -> Response,
) -> impl Future<Output = Response>
where
    X: Future<Output = Result<A, Response>>,
{
    or_panicked(site.meta, async move {
        let arguments = match extract(request).await {
            Ok(arguments) => arguments,
            Err(rejected) => return rejected,
        };
        let (guards, mut states) = match site.begin(Runs::Here).await {
            Ok(begun) => begun,
            Err(refused) => return refused,
        };
        let ran = run(arguments, &mut states);
        let retired = ran.commits.then(|| site.plan.commit(&states));
        site.note_overstay(&guards);
        drop(guards);
        drop(retired);
        respond(ran.output)
    })
}

/// An async function that changes state. Once it has its locks it runs in a task of its own, which a client that hangs up
/// does not stop; the hold deadline does.
pub fn write_async<A, T, X, F>(
    site: Arc<Site>,
    request: Request,
    extract: impl FnOnce(Request) -> X,
    run: impl FnOnce(A, States) -> F,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> impl Future<Output = Response>
where
    T: 'static,
    X: Future<Output = Result<A, Response>>,
    F: Future<Output = (Ran<T>, States)> + Send + 'static,
{
    or_panicked(site.meta, async move {
        let arguments = match extract(request).await {
            Ok(arguments) => arguments,
            Err(rejected) => return rejected,
        };
        let (guards, states) = match site.begin(Runs::Elsewhere).await {
            Ok(begun) => begun,
            Err(refused) => return refused,
        };
        let running = site.running.clone();
        let held = hold(site, guards, run(arguments, states), respond);
        match running.spawn(held).await {
            Ok(response) => response,
            // A panic is answered inside the task, so this is the runtime going down.
            Err(_) => Problem::unavailable("the server is stopping").into_response(),
        }
    })
}

/// From the grant to the answer, in the handler's own task.
fn hold<T, F>(
    site: Arc<Site>,
    guards: Guards,
    handler: F,
    respond: impl FnOnce(T) -> Response,
) -> impl Future<Output = Response>
where
    F: Future<Output = (Ran<T>, States)>,
{
    or_panicked(site.meta, async move {
        guards.iter().for_each(LockGuard::owned_here);
        if let Ok((ran, states)) = timeout(site.hold, handler).await {
            let retired = ran.commits.then(|| site.plan.commit(&states));
            drop(guards);
            drop(retired);
            return respond(ran.output);
        }
        drop(guards);
        tracing::error!(
            route = %site.meta,
            hold = ?site.hold,
            "the handler passed its hold deadline; its changes were dropped"
        );
        let detail = format!(
            "the request was given up after {:?}, and nothing was changed; try again",
            site.hold
        );
        Problem::unavailable(detail).into_response()
    })
}

impl Site {
    /// Takes the locks and makes the drafts, or says to the client why not.
    async fn begin(&self, runs: Runs) -> Result<(Guards, States), Response> {
        let mut deadline = Deadline::within(self.wait).behind_at_most(self.max_waiters);
        let place = Place::Route(self.meta);
        let begun = self.plan.begin(place, runs, &mut deadline);
        begun.await.map_err(|error| self.refuse(&error))
    }

    fn refuse(&self, error: &LockError) -> Response {
        let (lock, detail) = match error {
            LockError::TimedOut { lock, waited, .. } => (
                lock,
                format!("lock \"{lock}\" was not free within {waited:?}; try again"),
            ),
            LockError::Crowded { lock, .. } => (
                lock,
                format!("too many requests wait for lock \"{lock}\"; try again"),
            ),
            error => {
                tracing::error!(route = %self.meta, "{error}");
                return Problem::internal().into_response();
            }
        };
        tracing::warn!(route = %self.meta, "{error}");
        Problem::unavailable(detail)
            .with("lock", lock.as_str())
            .into_response()
    }

    /// A plain function cannot be stopped, but it should not go unnoticed either.
    fn note_overstay(&self, guards: &Guards) {
        let held = guards.first().map(LockGuard::held_for);
        if let Some(held) = held.filter(|held| *held > self.hold) {
            tracing::warn!(
                route = %self.meta,
                ?held,
                hold = ?self.hold,
                "the handler held its locks past the hold deadline; only async handlers can be stopped"
            );
        }
    }
}

/// A panic becomes a 500 that says nothing of the inside. The drafts and the locks went with the unwinding.
///
/// Like the functions above it is not async itself: each such layer would be one more place that the request is copied to.
fn or_panicked(
    meta: &'static Meta,
    answer: impl Future<Output = Response>,
) -> impl Future<Output = Response> {
    AssertUnwindSafe(answer)
        .catch_unwind()
        .map(move |answer| answer.unwrap_or_else(|panic| panicked(meta, panic.as_ref())))
}

fn panicked(meta: &Meta, panic: &(dyn Any + Send)) -> Response {
    let panic = message(panic);
    tracing::error!(route = %meta, panic, "a panic in the handler, or in building its answer; what was not committed is dropped");
    Problem::internal().into_response()
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)")
}
