//! The promises that kr makes, one file each, over real sockets where the promise is about HTTP.

mod access;
mod all_or_nothing;
mod critical_section;
mod no_hangs;
mod plain_functions;
mod snapshots;
mod store;
