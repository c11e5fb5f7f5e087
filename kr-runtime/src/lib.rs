#![doc = include_str!("../docs/kr.md")]

pub mod clixml;
pub mod handler;
pub mod prelude;
pub mod snapshot;

mod app;
mod checks;
mod committed;
mod draft;
mod endpoint;
mod error;
mod extract;
mod front;
mod group;
mod home;
mod host;
mod json;
mod locks;
mod meta;
mod pipeline;
mod problem;
mod reject;
mod respond;
mod route;
mod serve;
mod several;
mod shared;
mod sync;
mod timestamp;

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

pub use app::App;
pub use committed::Committed;
pub use endpoint::Endpoint;
pub use error::{Error, Result};
pub use host::{Host, Provides};
pub use json::Json;
pub use locks::{HolderStatus, LockError, LockGuard, LockStatus, Locks, Totals};
pub use problem::Problem;
pub use route::Routes;
pub use serve::Server;
pub use several::Several;
pub use shared::{Shared, SharedState};
pub use snapshot::Snapshot;
pub use timestamp::Timestamp;
