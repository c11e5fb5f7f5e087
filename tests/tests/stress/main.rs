//! Stress tests: many clients send random requests, and the engine has to be right all the way and at the end.
//!
//! [`http`] uses real sockets: handlers that return, fail, panic, panic late and never end; several states under one lock, two
//! locks in opposite order; waits that time out; clients that disconnect before or after the lock is granted, and reconnect.
//! [`in_process`] does the same through `Host` and `Locks`, with tasks that are aborted at any point.
//!
//! A third of it uses keyed states, [`accounts`]. Some exist from their first commit to the end, some are removed again and
//! again while others change them, and of some no update ever commits. [`account_client`] and [`account_worker`] change them
//! together with each other, with states without a key, and with locks that guard no state. [`keys`] uses many keys once each,
//! and checks that they leave nothing. [`repeated`] sends requests again with the same `Idempotency-Key`, after everything
//! that can happen to the first one.
//!
//! The invariants:
//! - All fields of a commit are consistent, in every response and in every read.
//! - Every acknowledged commit exists: no two have the same number, and none has a number beyond the last. A commit that was
//!   not acknowledged belongs to a client that disconnected.
//! - Revisions are dense: the revision of a lock is the number of commits that its states count themselves.
//! - A client never sees an older value than before.
//! - No request is rejected that may wait, and every request gets a response.
//! - At the end all locks are free, all queues are empty, and the memory is what it was. No key is left, no instance that was
//!   not committed, and no lock of an instance that does not exist.
//!
//! A run has some 10^4 requests; `KR_STRESS=1000000` sets another number, best with `--release`. The seed is printed, and
//! `KR_STRESS_SEED` repeats the same requests; how the system interleaves them is not repeated.

mod account_client;
mod account_worker;
mod accounts;
mod app;
mod config;
mod http;
mod in_process;
mod keys;
mod repeated;
mod totals;
