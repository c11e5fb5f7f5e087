//! Recorded histories of real requests are linearizable: some sequential order of all requests explains every response, with
//! each request taking effect at one moment between its call and its response.
//!
//! Clients on connections of their own send requests concurrently. Their calls and responses are a history, which todc-utils'
//! `WGLChecker` (Wing, Gong, Lowe) checks against a specification: a few lines that say what the handlers do one at a time. A
//! request whose client disconnected has no response. If the state shows at the end that it was committed, it may take effect
//! at any time after its call; otherwise it never did.
//!
//! - [`one_state`]: appends and reads, with clients that disconnect.
//! - [`one_lock`]: two states under one lock, updated and read alone and together.
//! - [`two_locks`]: updates and reads of either state and of both, with the locks named in both orders.
//! - [`keyed_states`]: a keyed state with a few keys, updated alone and together with a state without a key, and removed from
//!   outside handlers meanwhile.
//! - [`commit_visibility`]: a commit becomes visible to handlers and to other code at the same moment.
//!
//! Each kind is recorded with the memory store, with one that is slow and does not keep every batch, where a request that gets
//! 503 for that never was, and on three machines over one PostgreSQL.
//!
//! [`checker`] tests that the checker rejects what it should.
//!
//! `KR_HISTORIES=<n>` sets how many histories of each kind are recorded, 5 by default.

mod checker;
mod commit_visibility;
mod keyed_states;
mod one_lock;
mod one_state;
mod recorder;
mod stores;
mod two_locks;
