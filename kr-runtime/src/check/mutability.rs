//! Types that are changed through `&`, which a shared state must not hold: the draft of a state and its committed value
//! would share what is behind them.

use super::cacheable::Cacheable;
use std::marker::PhantomData;
use std::sync::atomic::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16,
    AtomicU32, AtomicU64, AtomicUsize,
};
use std::sync::{Arc, Mutex, RwLock};

/// Finds out whether a type is one of those: an inherent constant wins over a trait's.
pub struct MutabilityProbe<T: ?Sized>(PhantomData<T>);

/// The answer for all other types, among them those that kr cannot see into.
pub trait NotKnownMutable {
    /// It is not.
    const IS_KNOWN: bool = false;
}

impl<T: ?Sized> NotKnownMutable for MutabilityProbe<T> {}

impl<T: Cacheable + ?Sized> MutabilityProbe<T> {
    /// As far as auto traits tell, nothing in it is changed through `&`.
    pub const IS_FROZEN: bool = true;
}

/// The answer for types in which something may be changed through `&`.
pub trait NotFrozen {
    /// It may.
    const IS_FROZEN: bool = false;
}

impl<T: ?Sized> NotFrozen for MutabilityProbe<T> {}

macro_rules! known {
    ($([$($parameter:tt)*] $type:ty),* $(,)?) => {$(
        impl<$($parameter)*> MutabilityProbe<$type> {
            /// It is changed through `&`.
            pub const IS_KNOWN: bool = true;
        }

        // Of an alias such as `type Visits = Arc<AtomicU64>`, the derive sees only the name.
        impl<$($parameter)*> MutabilityProbe<Arc<$type>> {
            /// It is changed through `&`.
            pub const IS_KNOWN: bool = true;
        }
    )*};
}

known!(
    [T: ?Sized] Mutex<T>,
    [T: ?Sized] RwLock<T>,
    [T: ?Sized] tokio::sync::Mutex<T>,
    [T: ?Sized] tokio::sync::RwLock<T>,
    [] AtomicBool,
    [] AtomicI8,
    [] AtomicI16,
    [] AtomicI32,
    [] AtomicI64,
    [] AtomicIsize,
    [] AtomicU8,
    [] AtomicU16,
    [] AtomicU32,
    [] AtomicU64,
    [] AtomicUsize,
);
