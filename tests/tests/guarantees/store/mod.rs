//! What holds with a store that does not write at once: what was answered is kept, and what is not kept was never seen.
//!
//! | tests | about |
//! |---|---|
//! | [`visibility`] | who sees a commit before and after it is durable |
//! | [`failure`] | what becomes of a commit that the store does not keep |
//! | [`several_locks`] | commits over several locks, and reads of several |
//! | [`keyed`] | creation and removal of instances |
//! | [`in_place`] | changes in place, which have no draft to drop |
//! | [`responses`] | what clients are told, and when |

mod failure;
mod in_place;
mod keyed;
mod responses;
pub(crate) mod sample;
mod several_locks;
mod stopping;
mod visibility;
