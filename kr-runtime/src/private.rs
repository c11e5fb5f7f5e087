//! What generated code calls. It may change in any release; nothing else should name it.

pub use crate::checks::{
    Locking, different_keys, different_names, different_states, distinct, guarded,
    guards_something, unguarded,
};
pub use crate::draft::States;
pub use crate::extract::{Capture, Part, Whole, capture, captures, part, whole};
pub use crate::host::{Binding, reads, writes};
pub use crate::pipeline::{Ran, Site, read, write, write_async};
pub use crate::respond::{Commits, Fail, Judge, Respond, ran, respond, respond_error};
pub use crate::route::{Answering, Handler, Listed, Meta, Method, Mountable, Route, broken, list};
pub use crate::shared::Cell;
pub use axum::extract::Request;
pub use axum::response::Response;
pub use std::boxed::Box;
pub use std::option::Option::{None, Some};
pub use std::result::Result::{Err, Ok};
pub use std::sync::Arc;
pub use std::time::Duration;
pub use std::vec::Vec;
