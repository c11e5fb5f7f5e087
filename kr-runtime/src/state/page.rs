//! A part of the instances of a keyed state.

use super::committed::Committed;

/// A part of the instances of a keyed state, in the order of their keys.
#[derive(Debug)]
#[non_exhaustive]
pub struct Page<K, S> {
    /// The instances.
    pub entries: Vec<(K, Committed<S>)>,
    /// Instances that the store has and whose values cannot be read: their keys, and why. They come in the place of their keys, so
    /// that one of them does not hide the others. With the memory store there are none.
    pub unreadable: Vec<(K, String)>,
    /// The key after which the next page begins; `None` if there are no more instances.
    pub next: Option<K>,
}
