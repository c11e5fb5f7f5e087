//! A part of the instances of a keyed state.

use super::committed::Committed;

/// A part of the instances of a keyed state, in the order of their keys.
#[derive(Debug)]
#[non_exhaustive]
pub struct Page<K, S> {
    /// The instances.
    pub entries: Vec<(K, Committed<S>)>,
    /// The key after which the next page begins; `None` if there are no more instances.
    pub next: Option<K>,
}
