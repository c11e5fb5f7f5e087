//! States that a store can keep, for the derives and for the compiler's message if a state is not one.

use crate::store::{Codec, Storage};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// A shared state that a store can keep, or whose values are `transient`. The derive of [`SharedState`](super::SharedState) implements it where
/// the type is `Serialize` and `Deserialize`.
#[doc(hidden)]
// Without `SharedState` as a bound: what a type lacks for that is reported where it is derived, once.
pub trait StoredState {
    /// How its values are kept; not at all if it is `transient`.
    const STORAGE: Option<Storage>;
}

/// Stands for a state in conditions that need not hold: one with a lifetime is not looked at where it is written.
#[doc(hidden)]
pub struct Wrap<'w, S>(PhantomData<&'w S>);

/// A type whose values can be written for a store and read again.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a store cannot keep `{S}`: it cannot be written, or not read again",
    label = "this store keeps the values of all states",
    note = "write `#[derive(Serialize, Deserialize)]` on `{S}` and on the types in it, or say that it need not be kept: `#[shared_state(…, transient)]` [KR0411]"
)]
pub trait Storable<S> {
    /// How its values are written.
    const CODEC: Codec;
}

#[diagnostic::do_not_recommend]
impl<S: Serialize + DeserializeOwned + Send + Sync + 'static> Storable<S> for Wrap<'_, S> {
    const CODEC: Codec = Codec::of::<S>();
}

/// A state of a host that a store can keep.
#[doc(hidden)]
pub trait IsStored<S> {
    /// How its values are kept.
    const STORAGE: Option<Storage>;
}

impl<S: StoredState> IsStored<S> for Wrap<'_, S> {
    const STORAGE: Option<Storage> = S::STORAGE;
}
