//! Recorded histories of real requests are linearizable: every answer can be explained by one order of all requests in which
//! each takes effect at one moment between its being sent and its being answered.
//!
//! Clients on connections of their own send requests all at once; what each was told, and when it asked and heard, is a
//! history, which todc-utils' `WGLChecker` (Wing, Gong, Lowe) judges against a few lines that say what the handlers do one
//! at a time. A request whose client hung up has no answer: if the state says at the end that it was committed, it may take
//! effect at any time after it was sent, otherwise it never did.
//!
//! - [`one_state`]: appends and reads, with clients that hang up.
//! - [`one_lock`]: two states under one lock, changed and read alone and together.
//! - [`two_locks`]: changes of either and of both, in both orders. What is read without a lock is judged for each lock by
//!   itself: a read waits for nobody, so that one of two locks' states after another may fall between the two commits of a
//!   handler that changes both. What changes states under both locks is judged as a whole.
//! - [`keyed_states`]: a state with an instance for each of a few keys, changed alone and together with one that has no key, and
//!   removed in code meanwhile. What changes is judged as a whole, and with what is read for each key by itself.
//!
//! [`checker`] makes sure that the checker says no when it should.
//!
//! `KR_HISTORIES=<n>` records that many histories of each kind, 5 unless given.

mod checker;
mod commit_visibility;
mod keyed_states;
mod one_lock;
mod one_state;
mod recorder;
mod two_locks;
