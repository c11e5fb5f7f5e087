//! Changes on a route with `etag`: under the lock, and before the function runs, the conditions of the request are compared
//! with the revision. A successful response has the tag of the commit.

use super::bound_handler::BoundHandler;
use super::precondition::Preconditions;
use super::problem::Problem;
use super::read_etag::rejected;
use super::respond::WriteOutput;
use super::response_future::ResponseFuture;
use super::write_call::{Released, WriteCall};
use super::write_mode::WriteMode;
use crate::store::Stamp;
use crate::transaction::{Decision, HandlerOutput};
use axum::extract::Request;
use axum::response::Response;
use std::sync::Arc;

/// Conditions and a tag.
pub struct Tagged {
    conditions: Preconditions,
    /// The revision before the change; `None` if the instance was not there.
    before: Option<Stamp>,
}

impl WriteMode for Tagged {
    fn start(
        handler: Arc<BoundHandler>,
        request: Request,
        call: impl FnOnce(Arc<BoundHandler>, Request, Self) -> ResponseFuture + Send + 'static,
    ) -> ResponseFuture {
        match Preconditions::of(request.method(), request.headers()) {
            Ok(conditions) => {
                let before = None;
                call(handler, request, Self { conditions, before })
            }
            Err(problem) => rejected(handler.info, problem),
        }
    }

    fn admit(&mut self, call: &mut WriteCall) -> Result<(), Problem> {
        self.before = call.transaction.arguments.revision();
        if self.conditions.is_empty() {
            return Ok(());
        }
        let tag = self.before.map(|revision| call.handler.tags.tag(revision));
        self.conditions.admit_change(tag.as_ref())
    }

    fn early_response(&self, call: &WriteCall, decision: Decision, response: Response) -> Response {
        let revision = match decision {
            Decision::Commit if call.transaction.removes() => None,
            Decision::Commit => call.transaction.next_revision(),
            Decision::RollBack | Decision::Unchanged => self.before,
        };
        call.handler.tags.tagged(revision, response)
    }

    fn finish<T: WriteOutput>(
        self,
        call: WriteCall,
        output: HandlerOutput<T>,
        respond: impl FnOnce(T) -> Response + Send + 'static,
    ) -> Released {
        let (tags, before) = (call.handler.tags, self.before);
        let is_removed = output.decision == Decision::Commit && call.transaction.removes();
        let epoch = call
            .transaction
            .next_revision()
            .map_or(0, |next| next.epoch);
        call.finish_at(output, move |output, commit| {
            let revision = match is_removed {
                true => None,
                false => commit.map(|revision| Stamp { revision, epoch }).or(before),
            };
            tags.tagged(revision, respond(output))
        })
    }
}
