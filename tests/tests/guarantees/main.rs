//! The promises that kr makes, one file each, over real sockets where the promise is about HTTP.

mod access;
mod all_or_nothing;
mod cached;
mod counters;
mod critical_section;
mod in_place;
mod keyed_states;
mod no_hangs;
mod outside_handlers;
mod plain_functions;
mod sample_host;
mod snapshots;
mod tracing;
