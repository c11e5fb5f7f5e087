//! What a handler borrows, whether or not it is a shared state. Generated code asks the probe, so that a forgotten derive is
//! reported where the state is made, and not again by each of its handlers.

use super::shared_state::{SharedState, Traits};
use crate::check::BorrowedState;
use std::marker::PhantomData;

/// Finds out what a type declares as a shared state: an inherent constant wins over a trait's.
#[doc(hidden)]
pub struct StateProbe<S: ?Sized>(PhantomData<S>);

impl<S: SharedState> StateProbe<S> {
    /// What it declares.
    pub const STATE: BorrowedState = BorrowedState {
        name: S::NAME,
        lock: S::LOCK,
        id: S::ID,
        is_state: true,
    };
    /// What its derive has found out.
    pub const TRAITS: Traits = S::TRAITS;
}

/// The answer for types that are no shared states.
#[doc(hidden)]
pub trait NotState {
    /// It declares nothing.
    const STATE: BorrowedState = BorrowedState {
        name: "?",
        lock: "?",
        id: "?",
        is_state: false,
    };
    /// It has no derive.
    const TRAITS: Traits = Traits::NONE;
}

impl<S: ?Sized> NotState for StateProbe<S> {}
