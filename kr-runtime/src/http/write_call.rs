//! A call of a handler that changes state, from the grant of its locks to its response.

use super::bound_handler::{BoundHandler, HandlerTransaction};
use super::observation::RequestTrace;
use super::outcome::Outcome;
use super::problem::Problem;
use super::refusal::commit_refused;
use super::responding::Responding;
use crate::store::{CommitError, Durability, KeptResponse, Receipt};
use crate::sync::log;
use crate::transaction::{Decision, HandlerOutput, handler_output};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// A call of a handler that has its locks.
pub struct WriteCall {
    pub(super) handler: Arc<BoundHandler>,
    pub(super) transaction: HandlerTransaction,
    trace: RequestTrace,
}

/// What a call of a handler has come to once its locks are released.
pub enum Released {
    /// All that it has done or seen is durable, or was dropped.
    Response(Response),
    /// The store has not written it yet. The response comes when it has. A client that disconnects meanwhile loses the
    /// response and nothing else: the store writes the commit all the same.
    Pending(BoxFuture<'static, Response>),
}

impl WriteCall {
    pub(super) fn granted(
        handler: Arc<BoundHandler>,
        transaction: HandlerTransaction,
        mut trace: RequestTrace,
    ) -> Self {
        trace.locks_acquired();
        Self {
            handler,
            transaction,
            trace,
        }
    }

    /// Commits or rolls back, and releases the locks. Only when that is durable is the output turned into a response.
    // Compiled for every handler, so the rest is elsewhere.
    pub(super) fn finish<T: Send + 'static>(
        self,
        output: HandlerOutput<T>,
        respond: impl FnOnce(T) -> Response + Send + 'static,
    ) -> Released {
        self.finish_at(output, |output, _| respond(output))
    }

    /// As [`finish`](Self::finish). The response may depend on the revision of the commit, if there was one.
    pub(super) fn finish_at<T: Send + 'static>(
        self,
        output: HandlerOutput<T>,
        respond: impl FnOnce(T, Option<u64>) -> Response + Send + 'static,
    ) -> Released {
        let HandlerOutput { output, decision } = output;
        match self.end(decision) {
            Ok(responding) => {
                let response = respond(output, responding.revision);
                Released::Response(responding.done(response))
            }
            Err(unfinished) => {
                let revision = unfinished.revision();
                unfinished.respond(Box::new(move || respond(output, revision)))
            }
        }
    }

    /// Commits with the response that is kept, and releases the locks. If nothing was changed, the response is all that is
    /// committed.
    pub(super) fn finish_keeping(
        mut self,
        decision: Decision,
        response: Response,
        kept: KeptResponse,
    ) -> Released {
        let (outcome, commits) = match decision {
            Decision::Unchanged => (Outcome::Unchanged, false),
            _ => (Outcome::Committed, true),
        };
        let receipt = self.transaction.finish_keeping(commits, kept);
        match self.conclude(outcome, receipt) {
            Ok(responding) => Released::Response(responding.done(response)),
            Err(unfinished) => unfinished.respond(Box::new(move || response)),
        }
    }

    /// Ends a call whose function does not run. What it was compared with may not be durable yet, so the response waits as any
    /// other does.
    pub(super) fn refuse(mut self, problem: Problem) -> Released {
        self.transaction.put_back();
        let refused = handler_output(problem, Decision::RollBack);
        self.finish(refused, IntoResponse::into_response)
    }

    /// Ends the call. What was replaced is freed before there is a response, which may then take its place in memory.
    fn end(mut self, decision: Decision) -> Result<Responding, Box<Unfinished>> {
        let outcome = match decision {
            Decision::RollBack if self.transaction.can_roll_back() => Outcome::RolledBack,
            Decision::Unchanged if self.transaction.can_roll_back() => Outcome::Unchanged,
            _ => Outcome::Committed,
        };
        let commits = decision == Decision::Commit;
        let receipt = self.transaction.finish(commits);
        self.conclude(outcome, receipt)
    }

    #[inline]
    fn conclude(
        mut self,
        outcome: Outcome,
        receipt: Result<Receipt, CommitError>,
    ) -> Result<Responding, Box<Unfinished>> {
        match receipt {
            Ok(Receipt::Durable(revision)) => {
                self.trace.finished(revision);
                self.trace.end(outcome);
                let responding = Responding::after(outcome, self.handler.info, revision);
                drop(self);
                Ok(responding)
            }
            Ok(Receipt::Pending(pending)) => {
                self.trace.finished(pending.revision);
                Err(Box::new(Unfinished::Pending(Pending {
                    handler: self.handler,
                    trace: self.trace,
                    outcome,
                    revision: pending.revision,
                    durability: pending.durability,
                })))
            }
            Err(error) => {
                let response = refused(&self.handler, &mut self.trace, &error);
                Err(Box::new(Unfinished::Refused(response)))
            }
        }
    }

    /// The hold deadline has passed.
    pub(super) fn hold_timed_out(self) -> Response {
        let Self {
            handler,
            transaction,
            mut trace,
        } = self;
        drop(transaction);
        trace.end(Outcome::HoldTimedOut);
        let hold_timeout = handler.hold_timeout;
        log::error!(
            route = %handler.info,
            ?hold_timeout,
            "the handler passed its hold deadline; its changes were dropped"
        );
        let detail = format!(
            "the request was given up after {hold_timeout:?}, and nothing was changed; try again"
        );
        Problem::unavailable(detail).into_response()
    }

    /// A call of an `idempotent` route is rolled back, because its response cannot be kept.
    pub(super) fn warn_not_kept(&self) {
        log::error!(
            route = %self.handler.info,
            "the response cannot be kept for a repetition, because it is a stream or too long; the changes were dropped"
        );
    }

    /// A plain function cannot be stopped; a long hold is at least logged.
    pub(super) fn warn_long_hold(&self) {
        let (held, hold_timeout) = (self.transaction.hold_time(), self.handler.hold_timeout);
        if let Some(held) = held.filter(|held| *held > hold_timeout) {
            log::warn!(
                route = %self.handler.info,
                ?held,
                ?hold_timeout,
                "the handler held its locks past the hold deadline; only async handlers can be stopped"
            );
        }
    }
}

/// A call that has released its locks, and does not make its response now.
enum Unfinished {
    /// It makes another one.
    Refused(Response),
    Pending(Pending),
}

/// A call that waits for the store.
struct Pending {
    handler: Arc<BoundHandler>,
    trace: RequestTrace,
    outcome: Outcome,
    revision: Option<u64>,
    durability: Durability,
}

impl Unfinished {
    fn revision(&self) -> Option<u64> {
        match self {
            Self::Refused(_) => None,
            Self::Pending(pending) => pending.revision,
        }
    }

    #[cold]
    fn respond(self, respond: Box<dyn FnOnce() -> Response + Send>) -> Released {
        match self {
            Self::Refused(response) => Released::Response(response),
            Self::Pending(pending) => Released::Pending(Box::pin(pending.response(respond))),
        }
    }
}

impl Pending {
    /// Waits for the store, then makes the response.
    async fn response(self, respond: Box<dyn FnOnce() -> Response + Send>) -> Response {
        let Self {
            handler,
            mut trace,
            outcome,
            revision,
            durability,
        } = self;
        match durability.wait().await {
            Ok(()) => {
                trace.durable();
                trace.end(outcome);
                Responding::after(outcome, handler.info, revision).done(respond())
            }
            Err(error) => refused(&handler, &mut trace, &error),
        }
    }
}

fn refused(handler: &BoundHandler, trace: &mut RequestTrace, error: &CommitError) -> Response {
    trace.end(Outcome::NotKept);
    commit_refused(handler.info, error)
}
