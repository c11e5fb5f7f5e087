//! Everything that handlers and `main` need, in one `use`.
//!
//! ```
//! use kr_runtime::prelude::*;
//! ```

pub use crate::{
    App, Host, Problem, Shared, SharedState, Snapshot, Timestamp, kr_route, locked, routes,
};
pub use axum::Json;
pub use axum::http::StatusCode;
pub use axum::response::IntoResponse;
pub use serde::{Deserialize, Serialize};
