//! What there is to see as metrics of Prometheus.
//!
//! Everything is kept in a fixed number of counters and buckets: nothing grows if nobody scrapes. Labels are what the
//! application has written, never what a client has sent: a path is that of the route, and a lock its template.

mod render;
mod text;

pub(super) use render::render;
pub(super) use text::CONTENT_TYPE;
