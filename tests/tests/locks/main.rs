//! Named locks, as code outside handlers uses them.
//!
//! [`contract`] follows the contract suite of .NET's `DistributedLock`, as far as it makes sense within one process. The
//! suite's tests of other processes, lost connections and lost handles have no counterpart. Disposing a handle twice cannot
//! be written in Rust: a guard is dropped once.

mod cancelled;
mod contract;
mod fifo;
mod support;
