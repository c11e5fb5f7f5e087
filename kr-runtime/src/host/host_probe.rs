//! Finds out whether a type is a host, for types that may be none.

use super::by_type::Host;
use std::marker::PhantomData;

/// Finds out whether a type is a host: an inherent constant wins over a trait's.
pub struct HostProbe<H: ?Sized>(PhantomData<H>);

impl<H: Host> HostProbe<H> {
    /// It is.
    pub const IS_HOST: bool = true;
}

/// The answer for types that are no hosts.
pub trait NotHost {
    /// It is not.
    const IS_HOST: bool = false;
}

impl<H: ?Sized> NotHost for HostProbe<H> {}
