//! What a store may use.

use super::statement::Statements;
use std::time::Duration;

/// How long an answer of the server may take, beside the time in which it waits for locks.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The same for a page of a list, and for a part of a copy.
pub(super) const PATIENCE_FOR_MANY: Duration = Duration::from_secs(30);

/// What the store may use.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    pub(super) connections: usize,
    pub(super) batch_calls: usize,
    pub(super) batch_time: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) watch_interval: Duration,
    pub(super) statements: Statements,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10,
            batch_calls: 64,
            batch_time: Duration::from_millis(5),
            idle_timeout: Duration::from_secs(5),
            watch_interval: Duration::from_millis(100),
            statements: Statements::Unnamed,
        }
    }
}
