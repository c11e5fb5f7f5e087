//! Named locks, as code outside handlers uses them.
//!
//! [`contract`] has the promises of the contract suite of .NET's `DistributedLock` that mean something within one process,
//! a test each. Its tests about other processes, lost connections and handles that notice a loss have no counterpart; that
//! a handle may be disposed twice cannot be written, since a guard is dropped once.

mod cancelled;
mod contract;
mod fifo;
mod support;
