//! The stores that every kind of history is recorded on.

use kr_runtime::prelude::StatusCode;
use kr_runtime::{Store, Volatile};
use kr_tests::Response;
use kr_tests::stores::Unreliable;
use std::time::Duration;

/// A store that keeps everything at once, and one that is slow and does not keep one batch of eight. `seed` differs for each
/// history.
pub(crate) fn stores(seed: usize) -> [Store<Volatile>; 2] {
    let unreliable = Unreliable {
        fails_one_in: 8,
        longest_write: Duration::from_micros(500),
        seed: seed as u64 * 2 + 1,
    };
    [Store::memory(), unreliable.store().0]
}

/// Whether the store has not kept the change, or what it was made from: the request had no effect.
pub(crate) fn was_not_kept(response: &Response) -> bool {
    response.status == StatusCode::SERVICE_UNAVAILABLE
        && response
            .text()
            .contains("could not be kept, and nothing was changed")
}
