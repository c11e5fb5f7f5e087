//! The responses for calls that did not get their locks, or whose commit was not kept.

use super::problem::Problem;
use super::shorten::shorten;
use crate::check::HandlerInfo;
use crate::lock::LockError;
use crate::store::{CommitError, CounterOverflow, ReadError};
use crate::sync::log;
use axum::response::{IntoResponse, Response};

/// The locks were not granted, or a value could not be read.
pub(super) fn lock_refused(info: &HandlerInfo, error: &LockError) -> Response {
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
        LockError::DuplicateBorrow { lock, .. } => {
            let detail = format!(
                "{} is named twice, and two different ones are needed",
                quoted(lock.as_str())
            );
            return Problem::bad_request(detail)
                .with("lock", &*shorten(lock.as_str()))
                .into_response();
        }
        error => {
            log::error!(route = %info, "{}", shorten(&error.to_string()));
            return Problem::internal().into_response();
        }
    };
    log::warn!(route = %info, "{}", shorten(&error.to_string()));
    // A key may hold what the client sent.
    Problem::unavailable(detail)
        .with("lock", &*shorten(lock.as_str()))
        .into_response()
}

/// The store did not keep the change. Its own words are for the log.
pub(super) fn commit_refused(info: &HandlerInfo, error: &CommitError) -> Response {
    log::error!(route = %info, "{error}");
    let detail = match error.outcome_is_known() {
        true => "the change could not be kept, and nothing was changed; try again",
        false => "it is not known whether the change was kept; look before you try again",
    };
    Problem::unavailable(detail).into_response()
}

/// A value could not be read: 503.
impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        log::warn!("{}", shorten(&error.to_string()));
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
