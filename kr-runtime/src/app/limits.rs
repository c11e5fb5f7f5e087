//! What clients may take up: time, connections and memory.

use crate::http::BodyLimit;
use std::time::Duration;

/// The limits of an application, with their defaults.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    pub(super) body: BodyLimit,
    pub(super) total_body: usize,
    pub(super) header: usize,
    pub(super) header_timeout: Duration,
    pub(super) idle_timeout: Duration,
    /// Bytes per second.
    pub(super) body_rate: u32,
    pub(super) body_grace: Duration,
    pub(super) write_timeout: Duration,
    /// As many as the file limit allows, at most [`MAX_CONNECTIONS`], unless set.
    pub(super) max_connections: Option<usize>,
}

/// The number of connections, unless [`App::max_connections`](crate::App::max_connections) says otherwise or the file limit is lower.
pub(super) const MAX_CONNECTIONS: usize = 10_000;

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: BodyLimit::default(),
            total_body: 64_000_000,
            header: 65_536,
            header_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(75),
            body_rate: 240,
            body_grace: Duration::from_secs(5),
            write_timeout: Duration::from_secs(30),
            max_connections: None,
        }
    }
}
