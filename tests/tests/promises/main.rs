//! The promises that kr makes, one file each, over real sockets where the promise is about HTTP.

mod access;
mod all_or_nothing;
mod cached;
mod counters;
mod critical_section;
mod in_place;
mod keyed;
mod no_hangs;
mod observed;
mod outside;
mod plain_functions;
mod snapshots;
mod store;
