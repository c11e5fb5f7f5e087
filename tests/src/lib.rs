//! Support for the tests: a client that keeps its connection, and servers to talk to.

mod client;
mod program;
mod serving;

pub use client::{Answer, Client};
pub use program::{Program, example, example_for_benches};
pub use serving::serve;

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
