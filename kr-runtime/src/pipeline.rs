//! The one order in which a request is answered: extract, take the locks, load, run, commit, release, respond.
//!
//! `#[kr_route]` fills in how to extract, what to run and how to respond; the order is here and nowhere else.

use crate::draft::{Runs, States, Work};
use crate::group::Missing;
use crate::in_place;
use crate::locks::{Deadline, Lock, LockError, Place};
use crate::meta::Meta;
use crate::observe::{Observation, Outcome};
use crate::plan::Guarded;
use crate::problem::Problem;
use crate::several::{Member, Mixed};
use crate::site::{Located, Site};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::time::timeout;
use tracing::Instrument;

/// What a handler returned, and whether its drafts are to be committed.
pub struct Ran<T> {
    pub(crate) output: T,
    pub(crate) commits: bool,
}

/// A call of a handler that has its locks.
type Call = Work<Arc<Mixed>, Member, Arc<Lock>>;

/// A handler that changes nothing: no lock, and the response may borrow from the state.
pub fn read<A, X, F>(
    site: Arc<Site>,
    request: Request,
    extract: impl FnOnce(Request) -> X,
    locate: impl FnOnce(&A, &Site) -> Located,
    run: impl FnOnce(A, States) -> F,
) -> impl Future<Output = Response>
where
    X: Future<Output = Result<A, Response>>,
    F: Future<Output = Response>,
{
    let mut observation = Observation::begin(site.meta);
    let span = observation.span();
    or_panicked(site.meta, async move {
        let arguments = match extract(request).await {
            Ok(arguments) => arguments,
            Err(rejected) => return observation.rejected(rejected),
        };
        let Located(plan) = locate(&arguments, &site);
        let response = match site.load(&plan, Mixed::load).await {
            Ok(states) => run(arguments, states).await,
            Err(error) => return observation.refused(&error, site.refuse(&error)),
        };
        observation.end(Outcome::Read);
        response
    })
    .instrument(span)
}

/// A plain function that changes state. From the grant to the release nothing is awaited, so nothing can cut it off.
pub fn write<A, T, X>(
    site: Arc<Site>,
    request: Request,
    extract: impl FnOnce(Request) -> X,
    locate: impl FnOnce(&A, &Site) -> Located,
    run: impl FnOnce(A, &mut States) -> Ran<T>,
    respond: impl FnOnce(T) -> Response,
) -> impl Future<Output = Response>
where
    X: Future<Output = Result<A, Response>>,
{
    let mut observation = Observation::begin(site.meta);
    let span = observation.span();
    or_panicked(site.meta, async move {
        let arguments = match extract(request).await {
            Ok(arguments) => arguments,
            Err(rejected) => return observation.rejected(rejected),
        };
        let located = locate(&arguments, &site);
        let mut work = match site.begin(located, Runs::Here).await {
            Ok(work) => work,
            Err(error) => return observation.refused(&error, site.refuse(&error)),
        };
        observation.granted();
        let ran = run(arguments, &mut work.states);
        site.note_overstay(&work);
        finish(work, &ran, &mut observation);
        respond(ran.output)
    })
    .instrument(span)
}

/// An async function that changes state. Once it has its locks it runs in a task of its own, which a client that hangs up
/// does not stop; the hold deadline does.
pub fn write_async<A, T, X, F>(
    site: Arc<Site>,
    request: Request,
    extract: impl FnOnce(Request) -> X,
    locate: impl FnOnce(&A, &Site) -> Located,
    run: impl FnOnce(A, States) -> F,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> impl Future<Output = Response>
where
    T: 'static,
    X: Future<Output = Result<A, Response>>,
    F: Future<Output = (Ran<T>, States)> + Send + 'static,
{
    let mut observation = Observation::begin(site.meta);
    let span = observation.span();
    let inner = span.clone();
    or_panicked(site.meta, async move {
        let arguments = match extract(request).await {
            Ok(arguments) => arguments,
            Err(rejected) => return observation.rejected(rejected),
        };
        let located = locate(&arguments, &site);
        let mut work = match site.begin(located, Runs::Elsewhere).await {
            Ok(work) => work,
            Err(error) => return observation.refused(&error, site.refuse(&error)),
        };
        observation.granted();
        let running = site.running.clone();
        let states = std::mem::take(&mut work.states);
        let held = hold(site, work, run(arguments, states), respond, observation);
        match running.spawn(held.instrument(inner)).await {
            Ok(response) => response,
            // A panic is answered inside the task, so this is the runtime going down.
            Err(_) => Problem::unavailable("the server is stopping").into_response(),
        }
    })
    .instrument(span)
}

/// From the grant to the answer, in the handler's own task.
fn hold<T, F>(
    site: Arc<Site>,
    mut work: Call,
    handler: F,
    respond: impl FnOnce(T) -> Response,
    mut observation: Observation,
) -> impl Future<Output = Response>
where
    F: Future<Output = (Ran<T>, States)>,
{
    or_panicked(site.meta, async move {
        work.owned_here();
        if let Ok((ran, states)) = timeout(site.hold, handler).await {
            work.states = states;
            finish(work, &ran, &mut observation);
            return respond(ran.output);
        }
        drop(work);
        observation.end(Outcome::HeldTooLong);
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

/// Commits or rolls back, and releases the locks.
fn finish<T>(mut work: Call, ran: &Ran<T>, observation: &mut Observation) {
    if ran.commits || !work.can_roll_back() {
        let revision = work.commit();
        observation.committed(revision);
    } else {
        observation.end(Outcome::RolledBack);
    }
    work.release();
}

impl Site {
    /// Takes the locks and makes the drafts.
    async fn begin(&self, Located(plan): Located, runs: Runs) -> Result<Call, LockError> {
        let mut deadline = Deadline::within(self.wait).behind_at_most(self.max_waiters);
        Work::begin(plan, Place::Route(self.meta), runs, &mut deadline).await
    }

    /// The committed values. They are there at once, unless one is being changed in place.
    pub(crate) async fn load<T>(
        &self,
        plan: &Mixed,
        look: impl Fn(&Mixed) -> Result<T, (usize, Missing)>,
    ) -> Result<T, LockError> {
        let mut deadline = Deadline::within(self.wait);
        loop {
            match look(plan) {
                Ok(loaded) => return Ok(loaded),
                Err((group, Missing::ForNow)) => {
                    in_place::wait(plan.groups[group].group(), &mut deadline).await?;
                }
                Err((group, missing)) => {
                    return Err(in_place::refused(plan.groups[group].group(), missing));
                }
            }
        }
    }

    /// Says to the client why not.
    pub(crate) fn refuse(&self, error: &LockError) -> Response {
        let (lock, detail) = match error {
            LockError::TimedOut { lock, waited, .. } => (
                lock,
                format!("lock \"{lock}\" was not free within {waited:?}; try again"),
            ),
            LockError::Crowded { lock, .. } => (
                lock,
                format!("too many requests wait for lock \"{lock}\"; try again"),
            ),
            LockError::Damaged { lock, .. } => (
                lock,
                format!(
                    "a state under lock \"{lock}\" was damaged by a change that did not end; \
                     it can be used again when a snapshot or a reset has put it back"
                ),
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
    fn note_overstay(&self, work: &Call) {
        let held = work.held_for();
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
pub(crate) fn or_panicked(
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
