#![doc = include_str!("../docs/kr.md")]

pub mod clixml;
// Its programs are test cases already, and half of them do not compile.
#[cfg(all(doc, not(doctest)))]
pub mod error_codes;
#[cfg(doc)]
pub mod guide;
pub mod handler;
pub mod prelude;
pub mod snapshot;

mod app;
mod check;
mod host;
mod http;
mod lock;
#[cfg(feature = "openapi")]
mod openapi;
#[cfg(feature = "operations")]
mod operations;
mod state;
mod store;
mod sync;
mod transaction;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

/// axum itself, in the version that kr uses. With it, an application that writes extractors, layers and responses needs no
/// axum dependency of its own.
///
/// ```
/// use kr_runtime::axum::extract::Query;
/// use kr_runtime::prelude::*;
///
/// #[derive(Deserialize)]
/// struct Search {
///     word: String,
/// }
///
/// #[kr_route(get, "/search")]
/// async fn search(Query(search): Query<Search>) -> String {
///     format!("nothing is called {}", search.word)
/// }
/// ```
///
/// The features `http2`, `matched-path`, `multipart`, `original-uri`, `tower-log`, `tracing` and `ws` of this crate turn on
/// axum's features of the same names. `http1`, `json`, `query`, `form` and `tokio` are always on. axum's feature `macros` is
/// left out, because the code that its macros generate needs a direct dependency on axum.
pub use axum;

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

pub use app::{App, Endpoint, Error, Result, Server};
pub use clixml::value::timestamp::Timestamp;
pub use host::{
    Host, Provides, ProvidesKeyed, StateByNameError, StateInfo, StateRef, StateTuple, StoreFor,
    StoredHost,
};
#[cfg(feature = "operations")]
pub use host::{HostSnapshot, HostSnapshotError, RestorePreview, Restored, SnapshotProgress};
#[cfg(feature = "openapi")]
pub use http::{DescribeRequest, DescribeResponse, RequestParts, Responses};
pub use http::{Idempotency, Problem, Routes, StopToken, WithState, spawn};
pub use lock::{
    HolderStatus, KeyWriter, LockCounters, LockError, LockKey, LockStatus, StoredKeyReader,
    StoredKeyWriter,
};
#[cfg(feature = "openapi")]
pub use openapi::OpenApi;
#[cfg(feature = "operations")]
pub use operations::Operations;
/// schemars, in the version that kr uses, for applications without a dependency of their own on it.
///
/// ```
/// use kr_runtime::schemars::JsonSchema;
///
/// #[derive(JsonSchema)]
/// #[schemars(crate = "kr_runtime::schemars")]
/// struct Note {
///     text: String,
/// }
/// ```
#[cfg(feature = "openapi")]
pub use schemars;
pub use snapshot::{Snapshot, SnapshotRoot};
pub use state::{
    Committed, InstanceRef, Instances, Page, Revision, Shared, SharedMap, SharedState, Subscription,
};
#[cfg(feature = "file")]
pub use store::FileOptions;
#[cfg(feature = "postgres")]
pub use store::PostgresOptions;
pub use store::{
    CommitError, Counter, CounterOverflow, Durable, LockGuard, Locks, Progress, ReadError,
    SpaceSummary, Store, StoreError, UpdateError, Volatile,
};
pub use transaction::Update;
