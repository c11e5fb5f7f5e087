//! The one order in which a request is answered: extract, take the locks, load, run, commit, release, respond.
//!
//! `#[kr_route]` fills in how to extract, what to run and how to respond; the order is here and nowhere else, but for
//! answers that are [cached](crate::http::cached_response), which are loaded and run or not run at all.

use crate::check::handler_info::Meta;
use crate::host::multi_state::{Member, Mixed};
use crate::http::bound_handler::{Located, Site};
use crate::http::extract::Taking;
use crate::http::observation::{Observation, Outcome};
use crate::http::problem::Problem;
use crate::http::response_future::{Answering, answering};
use crate::lock::{Deadline, Lock, LockError, Place};
use crate::store::lock_group::Missing;
use crate::transaction::access_plan::Guarded;
use crate::transaction::active::{Runs, States, Work};
use crate::transaction::in_place;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tracing::Span;

/// What a handler returned, and whether its drafts are to be committed.
pub struct Ran<T> {
    pub(crate) output: T,
    pub(crate) commits: bool,
}

/// A call of a handler that has its locks.
type Call = Work<Arc<Mixed>, Member, Arc<Lock>>;

// The four functions below are compiled for every handler, so they do as little as possible: what a handler brings along is
// put behind a box, and the rest is compiled once for each type of arguments. Its closures capture nothing, and the box of
// nothing takes no memory.

/// A plain function that changes nothing: no lock, and the response may borrow from the state.
pub fn read<A: Send + 'static>(
    site: Arc<Site>,
    request: Request,
    extract: fn(Request) -> Taking<A>,
    locate: fn(&A, &Site) -> Located,
    run: impl FnOnce(A, &mut States) -> Response + Send + 'static,
) -> Answering {
    reading(site, request, extract, locate, Box::new(run))
}

/// An async function that changes nothing.
pub fn read_async<A: Send + 'static, F>(
    site: Arc<Site>,
    request: Request,
    extract: fn(Request) -> Taking<A>,
    locate: fn(&A, &Site) -> Located,
    run: impl FnOnce(A, States) -> F + Send + 'static,
) -> Answering
where
    F: Future<Output = Response> + Send + 'static,
{
    let run =
        |arguments, states| -> BoxFuture<'static, Response> { Box::pin(run(arguments, states)) };
    reading_async(site, request, extract, locate, Box::new(run))
}

/// A plain function that changes state. From the grant to the release nothing is awaited, so nothing can cut it off.
pub fn write<A: Send + 'static, T>(
    site: Arc<Site>,
    request: Request,
    extract: fn(Request) -> Taking<A>,
    locate: fn(&A, &Site) -> Located,
    run: impl FnOnce(A, &mut States) -> Ran<T> + Send + 'static,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> Answering {
    let run = |arguments, mut held: Held| {
        let ran = run(arguments, &mut held.work.states);
        held.note_overstay();
        respond(held.finish(ran))
    };
    writing(site, request, extract, locate, Box::new(run))
}

/// An async function that changes state. Once it has its locks it runs in a task of its own, which a client that hangs up
/// does not stop; the hold deadline does.
pub fn write_async<A: Send + 'static, T, F>(
    site: Arc<Site>,
    request: Request,
    extract: fn(Request) -> Taking<A>,
    locate: fn(&A, &Site) -> Located,
    run: impl FnOnce(A, States) -> F + Send + 'static,
    respond: impl FnOnce(T) -> Response + Send + 'static,
) -> Answering
where
    F: Future<Output = (Ran<T>, States)> + Send + 'static,
{
    let run = |arguments, mut held: Held| -> BoxFuture<'static, Response> {
        let handler = run(arguments, std::mem::take(&mut held.work.states));
        Box::pin(async move {
            held.work.owned_here();
            match timeout(held.site.hold, handler).await {
                Ok((ran, states)) => {
                    held.work.states = states;
                    respond(held.finish(ran))
                }
                Err(_) => held.give_up(),
            }
        })
    };
    writing_async(site, request, extract, locate, Box::new(run))
}

// A handler with its arguments, up to the response.
type Reads<A> = Box<dyn FnOnce(A, &mut States) -> Response + Send>;
type ReadsAsync<A> = Box<dyn FnOnce(A, States) -> BoxFuture<'static, Response> + Send>;
type Writes<A> = Box<dyn FnOnce(A, Held) -> Response + Send>;
type WritesAsync<A> = Box<dyn FnOnce(A, Held) -> BoxFuture<'static, Response> + Send>;

fn reading<A: Send + 'static>(
    site: Arc<Site>,
    request: Request,
    extract: fn(Request) -> Taking<A>,
    locate: fn(&A, &Site) -> Located,
    run: Reads<A>,
) -> Answering {
    let mut observation = Observation::begin(site.meta);
    answering(site.meta, observation.span(), async move {
        let arguments = match extract(request).await {
            Ok(arguments) => arguments,
            Err(rejected) => return observation.rejected(rejected),
        };
        let Located(plan) = locate(&arguments, &site);
        let response = match site.load(&plan, Mixed::load).await {
            Ok(mut states) => run(arguments, &mut states),
            Err(error) => return observation.refused(&error, site.refuse(&error)),
        };
        observation.end(Outcome::Read);
        response
    })
}

fn reading_async<A: Send + 'static>(
    site: Arc<Site>,
    request: Request,
    extract: fn(Request) -> Taking<A>,
    locate: fn(&A, &Site) -> Located,
    run: ReadsAsync<A>,
) -> Answering {
    let mut observation = Observation::begin(site.meta);
    answering(site.meta, observation.span(), async move {
        let arguments = match extract(request).await {
            Ok(arguments) => arguments,
            Err(rejected) => return observation.rejected(rejected),
        };
        let Located(plan) = locate(&arguments, &site);
        let running = match site.load(&plan, Mixed::load).await {
            Ok(states) => run(arguments, states),
            Err(error) => return observation.refused(&error, site.refuse(&error)),
        };
        let response = running.await;
        observation.end(Outcome::Read);
        response
    })
}

fn writing<A: Send + 'static>(
    site: Arc<Site>,
    request: Request,
    extract: fn(Request) -> Taking<A>,
    locate: fn(&A, &Site) -> Located,
    run: Writes<A>,
) -> Answering {
    let mut observation = Observation::begin(site.meta);
    answering(site.meta, observation.span(), async move {
        let arguments = match extract(request).await {
            Ok(arguments) => arguments,
            Err(rejected) => return observation.rejected(rejected),
        };
        let located = locate(&arguments, &site);
        match site.begin(located, Runs::Here).await {
            Ok(work) => run(arguments, Held::granted(site, work, observation)),
            Err(error) => observation.refused(&error, site.refuse(&error)),
        }
    })
}

fn writing_async<A: Send + 'static>(
    site: Arc<Site>,
    request: Request,
    extract: fn(Request) -> Taking<A>,
    locate: fn(&A, &Site) -> Located,
    run: WritesAsync<A>,
) -> Answering {
    let mut observation = Observation::begin(site.meta);
    let span = observation.span();
    let (meta, running) = (site.meta, site.running.clone());
    answering(meta, span.clone(), async move {
        let arguments = match extract(request).await {
            Ok(arguments) => arguments,
            Err(rejected) => return observation.rejected(rejected),
        };
        let located = locate(&arguments, &site);
        let rest = match site.begin(located, Runs::Elsewhere).await {
            Ok(work) => run(arguments, Held::granted(site, work, observation)),
            Err(error) => return observation.refused(&error, site.refuse(&error)),
        };
        elsewhere(meta, running, span, rest).await
    })
}

/// The rest of a call in a task of its own, which goes on when the request does not.
async fn elsewhere(
    meta: &'static Meta,
    running: TaskTracker,
    span: Span,
    rest: BoxFuture<'static, Response>,
) -> Response {
    match running.spawn(answering(meta, span, rest)).await {
        Ok(response) => response,
        // A panic is answered inside the task, so this is the runtime going down.
        Err(_) => Problem::unavailable("the server is stopping").into_response(),
    }
}

/// A call of a handler that has its locks, from the grant to the release.
struct Held {
    site: Arc<Site>,
    work: Call,
    observation: Observation,
}

impl Held {
    fn granted(site: Arc<Site>, work: Call, mut observation: Observation) -> Self {
        observation.granted();
        Self {
            site,
            work,
            observation,
        }
    }

    /// Commits or rolls back, and releases the locks. Only then is there an output to respond with.
    fn finish<T>(self, ran: Ran<T>) -> T {
        self.end(ran.commits);
        ran.output
    }

    /// What was replaced goes before there is a response, which may then take its place in memory.
    fn end(mut self, commits: bool) {
        if commits || !self.work.can_roll_back() {
            let revision = self.work.commit();
            self.observation.committed(revision);
        } else {
            self.observation.end(Outcome::RolledBack);
        }
        self.work.release();
    }

    /// The hold deadline has passed.
    fn give_up(self) -> Response {
        let Self {
            site,
            work,
            mut observation,
        } = self;
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
    }

    /// A plain function cannot be stopped, but it should not go unnoticed either.
    fn note_overstay(&self) {
        let (held, hold) = (self.work.held_for(), self.site.hold);
        if let Some(held) = held.filter(|held| *held > hold) {
            tracing::warn!(
                route = %self.site.meta,
                ?held,
                ?hold,
                "the handler held its locks past the hold deadline; only async handlers can be stopped"
            );
        }
    }
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
}
