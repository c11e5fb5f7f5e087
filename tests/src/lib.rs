//! Support for the tests: a client that keeps its connection, and servers to talk to.

mod client;
mod program;
mod serving;

pub use client::{Answer, Client};
pub use program::{Program, example};
pub use serving::serve;
