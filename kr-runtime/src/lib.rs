#![doc = include_str!("../docs/kr.md")]

pub mod clixml;
// Its programs are test cases already, and half of them do not compile.
#[cfg(all(doc, not(doctest)))]
pub mod errors;
pub mod handler;
pub mod prelude;
pub mod snapshot;

mod answering;
mod app;
mod binding;
mod cached;
mod change;
mod checks;
mod committed;
mod counter;
mod draft;
mod endpoint;
mod error;
mod extract;
mod family;
mod front;
mod group;
mod home;
mod host;
mod if_none_match;
mod in_place;
mod key;
mod keyed;
mod locks;
mod meta;
mod named;
mod observe;
mod one;
mod pipeline;
mod plan;
mod problem;
mod reject;
mod respond;
mod route;
mod serve;
mod several;
mod shared;
mod site;
mod sync;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

#[doc = include_str!("../docs/kr_route.md")]
pub use kr_macros::kr_route;

#[doc = include_str!("../docs/locked.md")]
pub use kr_macros::locked;

#[doc = include_str!("../docs/shared_state.md")]
pub use kr_macros::SharedState;

#[doc = include_str!("../docs/host.md")]
pub use kr_macros::Host;

#[doc = include_str!("../docs/lock_key.md")]
pub use kr_macros::LockKey;

pub use app::App;
pub use binding::ProvidesKeyed;
pub use clixml::value::timestamp::Timestamp;
pub use committed::Committed;
pub use counter::{Counter, CounterOverflow};
pub use endpoint::Endpoint;
pub use error::{Error, Result};
pub use host::{Host, Provides};
pub use key::LockKey;
pub use keyed::{At, SharedMap};
pub use locks::{HolderStatus, KeyText, LockError, LockGuard, LockStatus, Locks, Totals, spawn};
pub use named::{NamedError, StateStatus};
pub use problem::Problem;
pub use route::Routes;
pub use serve::Server;
pub use several::{Pick, Several};
pub use shared::{Shared, SharedState};
pub use snapshot::Snapshot;
