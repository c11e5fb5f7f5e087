#![doc = include_str!("../docs/kr.md")]

pub mod clixml;
// Its programs are test cases already, and half of them do not compile.
#[cfg(all(doc, not(doctest)))]
pub mod errors;
pub mod handler;
pub mod prelude;
pub mod snapshot;

mod app;
mod check;
mod host;
mod http;
mod lock;
mod state;
mod store;
mod sync;
mod timestamp;
mod transaction;

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

pub use app::builder::App;
pub use app::endpoint::Endpoint;
pub use app::error::{Error, Result};
pub use app::server::Server;
pub use host::binding::ProvidesKeyed;
pub use host::by_name::{NamedError, StateStatus};
pub use host::by_type::{Host, Provides};
pub use host::multi_state::{Pick, Several};
pub use http::problem::Problem;
pub use http::route::Routes;
pub use lock::{
    HolderStatus, KeyText, LockError, LockGuard, LockKey, LockStatus, Locks, Totals, spawn,
};
pub use snapshot::Snapshot;
pub use state::committed::Committed;
pub use state::instance_ref::At;
pub use state::shared::{Shared, SharedState};
pub use state::shared_map::SharedMap;
pub use store::counter::{Counter, CounterOverflow};
pub use timestamp::Timestamp;
