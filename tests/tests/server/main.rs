//! A server under clients that are slow, dead or greedy, and how it stops. The limits are short, so that a test is.

mod blocking_handlers;
mod connections;
mod error_texts;
mod large_bodies;
mod logging;
mod origins;
mod slow_clients;
mod socket;
mod stopping;

use kr_tests::Program;

fn start(limits: &[(&str, &str)]) -> Program {
    Program::start_with(server(), limits)
}

fn server() -> &'static std::path::Path {
    env!("CARGO_BIN_EXE_limits_server").as_ref()
}
