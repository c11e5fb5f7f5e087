//! Shared state for axum, with the locking story in the function's signature.
pub mod clixml;
mod timestamp;

pub use timestamp::Timestamp;
