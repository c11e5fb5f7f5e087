//! What a client hears if the response cannot be made after the commit: that the change was made, so that it does not make
//! it twice.

use super::outcome::Outcome;
use super::problem::Problem;
use super::respond::is_not_serializable;
use crate::check::HandlerInfo;
use crate::sync::log;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::cell::Cell;
use std::mem;

thread_local! {
    /// Whether the panic that unwinds this thread came after a commit.
    static HAS_COMMITTED: Cell<bool> = const { Cell::new(false) };
}

/// A call that has ended and makes its response. If it is dropped, that panicked.
pub(super) struct Responding {
    info: &'static HandlerInfo,
    has_committed: bool,
    /// Of the commit, if there was one.
    pub(super) revision: Option<u64>,
}

impl Responding {
    pub(super) fn after(
        outcome: Outcome,
        info: &'static HandlerInfo,
        revision: Option<u64>,
    ) -> Self {
        Self {
            info,
            has_committed: matches!(outcome, Outcome::Committed),
            revision,
        }
    }

    /// The response, or what stands in the place of one that cannot be written.
    #[inline]
    pub(super) fn done(self, response: Response) -> Response {
        let Self {
            info,
            has_committed,
            revision: _,
        } = self;
        mem::forget(self);
        match has_committed && is_not_serializable(&response) {
            true => {
                log::error!(route = %info, "the handler has committed, but its output cannot be written");
                committed()
            }
            false => response,
        }
    }

    /// Says whether the panic that goes on on this thread came after a commit.
    pub(super) fn set_has_committed(has_committed: bool) {
        HAS_COMMITTED.set(has_committed);
    }

    /// Whether the panic that was caught on this thread came after a commit. Asked once for each panic.
    pub(super) fn take_has_committed() -> bool {
        HAS_COMMITTED.take()
    }
}

impl Drop for Responding {
    fn drop(&mut self) {
        Self::set_has_committed(self.has_committed);
    }
}

/// In the place of a response that could not be made.
#[cold]
pub(super) fn committed() -> Response {
    let detail = "the change was made, but its response could not be; look before you try again";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail).into_response()
}
