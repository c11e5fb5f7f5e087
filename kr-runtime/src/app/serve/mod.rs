//! Accepting connections, and serving them within the limits.
//!
//! Each [connection] has a task. Its [socket] and its requests write down in an [activity] what they do, and one
//! [supervisor] compares that with the limits.

mod accept;
mod activity;
mod connection;
mod file_limit;
mod listen;
mod open_connections;
mod request_body;
mod response_body;
mod service;
mod socket;
mod spare_descriptor;
mod supervisor;
mod turn_away;

pub(super) use accept::Acceptor;
pub(super) use listen::listen;
pub(super) use service::Shared;
