//! What a store promises, tried on every store from one list: memory, a store that is slow to write, and a file.
//!
//! What needs a second start of the program is tried on those that keep anything.

mod bad_values;
mod durable;
mod every_store;
mod files;
mod handlers;
mod kept_responses;
mod lists;
mod moving;
mod retries;
mod sample;
mod settling;
mod tags;
mod under_test;
mod versions;
mod whole_host;
