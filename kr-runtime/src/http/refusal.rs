//! The responses for calls that did not get their locks, or whose commit was not kept.

use super::problem::Problem;
use super::shorten::shorten;
use crate::check::HandlerInfo;
use crate::lock::LockError;
use crate::store::{CommitError, CounterOverflow, ReadError, UpdateError};
use crate::sync::log;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// The locks were not granted, or a value could not be read.
pub(super) fn lock_refused(info: &HandlerInfo, error: &LockError) -> Response {
    let problem = lock_problem(error);
    let text = error.to_string();
    match problem.status() {
        StatusCode::BAD_REQUEST => {}
        StatusCode::SERVICE_UNAVAILABLE => log::warn!(route = %info, "{}", shorten(&text)),
        _ => log::error!(route = %info, "{}", shorten(&text)),
    }
    problem.into_response()
}

/// What the client is told. The call sites are for the log.
fn lock_problem(error: &LockError) -> Problem {
    let quoted = |lock: &str| format!("\"{}\"", shorten(lock));
    let (lock, detail) = match error {
        LockError::TimedOut { lock, waited, .. } => (
            lock,
            format!(
                "lock {} was not free within {waited:?}; try again",
                quoted(lock.as_str())
            ),
        ),
        LockError::QueueFull { lock, .. } => (
            lock,
            format!(
                "too many requests wait for lock {}; try again",
                quoted(lock.as_str())
            ),
        ),
        LockError::Damaged { lock, .. } => (
            lock,
            format!(
                "a state under lock {} was damaged by an interrupted change; \
                 it can be used again when a snapshot or a reset has replaced its value",
                quoted(lock.as_str())
            ),
        ),
        // What the store has is not for the client, and trying again does not help.
        LockError::Unreadable { lock, .. } => {
            let detail = format!(
                "what is kept under lock {} cannot be read",
                quoted(lock.as_str())
            );
            return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
                .with("lock", &*shorten(lock.as_str()));
        }
        LockError::StoreUnavailable { lock, .. } => (
            lock,
            format!(
                "what is kept under lock {} cannot be read now; try again",
                quoted(lock.as_str())
            ),
        ),
        LockError::DuplicateBorrow { lock, .. } => {
            let detail = format!(
                "{} is named twice, and two different ones are needed",
                quoted(lock.as_str())
            );
            return Problem::bad_request(detail).with("lock", &*shorten(lock.as_str()));
        }
        LockError::KeyTooLong { lock, length } => {
            let detail = format!(
                "{} is too long: its key has {length} bytes, and 400 can be kept",
                quoted(lock.as_str())
            );
            return Problem::bad_request(detail).with("lock", &*shorten(lock.as_str()));
        }
        _ => return Problem::internal(),
    };
    // A key may hold what the client sent.
    Problem::unavailable(detail).with("lock", &*shorten(lock.as_str()))
}

/// The store did not keep the change. Its own words are for the log.
pub(super) fn commit_refused(info: &HandlerInfo, error: &CommitError) -> Response {
    log::error!(route = %info, "{error}");
    commit_problem(error).into_response()
}

fn commit_problem(error: &CommitError) -> Problem {
    // Trying again does not help, and what is in the state is not for the client.
    if let CommitError::NotStorable { state, .. } = error {
        let detail =
            format!("the change makes a `{state}` that cannot be kept; nothing was changed");
        return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail);
    }
    Problem::unavailable(match error.outcome_is_known() {
        true => "the change could not be kept, and nothing was changed; try again",
        false => "it is not known whether the change was kept; look before you try again",
    })
}

/// A change outside the handler's own locks did not succeed, as a handler's own would be answered: 503, or 500 for a lock
/// that is asked for while it is held.
impl From<UpdateError> for Problem {
    fn from(error: UpdateError) -> Self {
        let problem = match &error {
            UpdateError::Lock(error) => lock_problem(error),
            UpdateError::Commit(error) => commit_problem(error),
            UpdateError::Store { .. } => {
                Problem::unavailable("the store cannot be read; try again")
            }
        };
        let text = error.to_string();
        match problem.status() {
            StatusCode::INTERNAL_SERVER_ERROR => log::error!("{}", shorten(&text)),
            _ => log::warn!("{}", shorten(&text)),
        }
        problem
    }
}

/// A value could not be read: 503.
impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let text = error.to_string();
        if let ReadError::Lock(error @ LockError::Unreadable { .. }) = &error {
            log::error!("{}", shorten(&text));
            return lock_problem(error);
        }
        log::warn!("{}", shorten(&text));
        Self::unavailable(match error {
            ReadError::ChangingInPlace { .. } => "a state is being changed; try again",
            _ => "a state cannot be read; try again",
        })
    }
}

impl From<CounterOverflow> for Problem {
    fn from(overflow: CounterOverflow) -> Self {
        Self::conflict(overflow.to_string())
    }
}
