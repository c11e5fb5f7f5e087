//! Finds out what a type implements, for types that may not implement it: an inherent constant wins over a trait's. (The
//! autoref trick, without a reference.)

use super::shared_state::{SnapshotForm, ToJson};
use crate::store::{Counter, downcast};
use serde::Serialize;
use std::any::Any;
use std::marker::PhantomData;

/// Finds out whether a type is `Serialize`, and whether it is a [`Counter`].
#[doc(hidden)]
pub struct SerializeProbe<S>(PhantomData<S>);

impl<S: Serialize + 'static> SerializeProbe<S> {
    /// It is `Serialize`.
    pub const JSON: Option<ToJson> = Some(|state| serde_json::to_value(downcast::<S>(state)));
}

/// The answer for types that are not `Serialize`.
#[doc(hidden)]
pub trait NotSerializable {
    /// It is not.
    const JSON: Option<ToJson> = None;
    /// It cannot be in a snapshot of the whole host.
    const SNAPSHOT: Option<SnapshotForm> = None;
}

#[cfg(feature = "operations")]
impl<S: Serialize + serde::de::DeserializeOwned + Send + Sync + 'static> SerializeProbe<S> {
    /// It can be in a snapshot of the whole host.
    pub const SNAPSHOT: Option<SnapshotForm> = Some(SnapshotForm::of::<S>());
}

impl<S> NotSerializable for SerializeProbe<S> {}

impl SerializeProbe<Counter> {
    /// It is.
    pub const IS_COUNTER: bool = true;
}

/// The answer for types that are no counters.
#[doc(hidden)]
pub trait NotCounter {
    /// It is not.
    const IS_COUNTER: bool = false;
}

impl<S> NotCounter for SerializeProbe<S> {}

/// A field as the counter that it is.
///
/// # Panics
/// If it is none, which generated code rules out.
#[doc(hidden)]
pub fn as_counter(field: &(dyn Any + Send + Sync)) -> &Counter {
    field.downcast_ref().expect("a counter")
}
