//! The operations listener: who is let in, what the probes say, the metrics, the JSON API and the pages.

mod access;
mod api;
mod metrics;
mod probes;
mod restore;
mod service;
mod whole;
