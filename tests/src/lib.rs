//! Support for the tests and benchmarks: clients, servers in this process and in others, load, and instruction counts.

mod client;
pub mod instruction_count;
pub mod load;
pub mod postgres;
mod program;
mod serving;
pub mod stores;

pub use client::{Client, Response};
pub use program::{Program, example, example_for_benches, program_for_benches};
pub use serving::serve;

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
