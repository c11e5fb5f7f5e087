//! The operations listener: who is let in, what the probes say, the metrics, the JSON API and the pages.

mod access;
mod api;
#[path = "../live/browser.rs"]
mod browser;
mod browser_actions;
mod browser_pages;
mod checkpoints;
mod documents;
mod guide;
mod metrics;
mod probes;
mod restore;
mod service;
mod whole;
