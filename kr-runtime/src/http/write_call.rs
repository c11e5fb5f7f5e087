//! A call of a handler that changes state, from the grant of its locks to its response.

use super::bound_handler::{BoundHandler, HandlerTransaction};
use super::observation::{Outcome, RequestTrace};
use super::problem::Problem;
use super::refusal::commit_refused;
use crate::store::{CommitError, Durability, Receipt};
use crate::sync::log;
use crate::transaction::HandlerOutput;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// A call of a handler that has its locks.
pub(super) struct WriteCall {
    pub(super) handler: Arc<BoundHandler>,
    pub(super) transaction: HandlerTransaction,
    trace: RequestTrace,
}

/// What a call of a handler has come to once its locks are released.
pub(super) enum Released {
    /// All that it has done or seen is durable, or was dropped.
    Response(Response),
    /// The store has not written it yet.
    Pending(PendingResponse),
}

/// A response that is made when the store has written what it depends on.
pub(super) struct PendingResponse {
    call: Unanswered,
    respond: Box<dyn FnOnce() -> Response + Send>,
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
    pub(super) fn finish<T: Send + 'static>(
        self,
        output: HandlerOutput<T>,
        respond: impl FnOnce(T) -> Response + Send + 'static,
    ) -> Released {
        let HandlerOutput { output, commits } = output;
        match self.end(commits) {
            Ended::Durable => Released::Response(respond(output)),
            Ended::Refused(response) => Released::Response(response),
            Ended::Pending(call) => Released::Pending(PendingResponse {
                call,
                respond: Box::new(move || respond(output)),
            }),
        }
    }

    /// What was replaced is freed before there is a response, which may then take its place in memory.
    fn end(self, commits: bool) -> Ended {
        let Self {
            handler,
            transaction,
            mut trace,
        } = self;
        let outcome = match commits || !transaction.can_roll_back() {
            true => Outcome::Committed,
            false => Outcome::RolledBack,
        };
        match transaction.finish(commits) {
            Ok(Receipt {
                revision,
                durability,
            }) => {
                trace.finished(revision);
                if durability.is_now() {
                    trace.end(outcome);
                    return Ended::Durable;
                }
                Ended::Pending(Unanswered {
                    handler,
                    trace,
                    outcome,
                    durability,
                })
            }
            Err(error) => Ended::Refused(refused(&handler, &mut trace, &error)),
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

enum Ended {
    Durable,
    Refused(Response),
    Pending(Unanswered),
}

/// A call that has released its locks and waits for the store.
struct Unanswered {
    handler: Arc<BoundHandler>,
    trace: RequestTrace,
    outcome: Outcome,
    durability: Durability,
}

impl Released {
    /// Waits until everything is durable, then makes the response. A client that disconnects meanwhile loses its response
    /// and nothing else: the store writes the commit all the same.
    pub(super) async fn response(self) -> Response {
        match self {
            Self::Response(response) => response,
            Self::Pending(pending) => Box::pin(pending.response()).await,
        }
    }
}

impl PendingResponse {
    async fn response(self) -> Response {
        let Unanswered {
            handler,
            mut trace,
            outcome,
            durability,
        } = self.call;
        match durability.wait().await {
            Ok(()) => {
                trace.durable();
                trace.end(outcome);
                (self.respond)()
            }
            Err(error) => refused(&handler, &mut trace, &error),
        }
    }
}

fn refused(handler: &BoundHandler, trace: &mut RequestTrace, error: &CommitError) -> Response {
    trace.end(Outcome::NotKept);
    commit_refused(handler.info, error)
}
