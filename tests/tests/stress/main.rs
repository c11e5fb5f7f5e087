//! Storms: many clients that do everything at random, and an engine that has to be right at the end and all the way.
//!
//! [`http`] goes through real sockets: handlers that return, fail, panic, panic later and never end; several states under
//! one lock, two locks in opposite order; waits that time out; clients that hang up, before the lock is theirs or after,
//! and come back. [`in_process`] does the same to `Host` and `Locks`, with tasks that are stopped at any point.
//!
//! A third of it is about keyed states, [`accounts`]: some are there from their first change to the end, some are removed
//! again and again while others change them, and of some no change ever succeeds. They are changed together with each
//! other, with states that have no key, and with locks that guard nothing, by clients ([`account_client`]) and in code
//! ([`account_worker`]). [`keys`] is a storm of keys alone: each is used once, and leaves nothing.
//!
//! What has to hold:
//! - All fields of a commit agree, in every answer and in every read.
//! - What was acknowledged is there: no two acknowledged commits have the same number, none has a number beyond the last,
//!   and what is there without having been acknowledged was asked for by somebody who hung up.
//! - Revisions are dense: a lock's revision is the number of commits that its states count themselves.
//! - A client never sees less than it has seen before.
//! - Nobody who may wait is sent away, and everybody gets an answer.
//! - At the end every lock is free, every line is empty, and the memory is what it was; no name is left, no instance that
//!   was not committed, and no lock of an instance that is not there.
//!
//! A storm is some 10^4 requests; `KR_STORM=1000000` sets another number, and is best run with `--release`. The seed is
//! printed, and `KR_STORM_SEED` runs the same requests again; how the system interleaves them is up to it.

mod account_client;
mod account_worker;
mod accounts;
mod app;
mod config;
mod http;
mod in_process;
mod keys;
mod totals;
