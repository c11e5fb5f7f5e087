//! Writing the rows of states whose counters were counted without a commit.

use super::core::Core;
use crate::store::log_entry::Counted;
use crate::sync::log;
use std::sync::Weak;
use std::time::Duration;
use tokio::time::sleep;

/// How long counts may wait for a batch.
const COUNTS_WAIT: Duration = Duration::from_millis(100);

/// How long it takes until a failed try is repeated.
const PAUSE: Duration = Duration::from_secs(1);

const TRIES: u32 = 3;

/// Sees to it that the counts of states are written. If that fails for a while, the next batch of their lock does it.
pub(super) async fn run(core: Weak<Core>, states: Box<dyn Counted>) {
    sleep(COUNTS_WAIT).await;
    for number in 1..=TRIES {
        match states.take_rows().await {
            Ok(()) => break,
            Err(error) => log::warn!("counts could not be kept yet: {error}"),
        }
        if number < TRIES {
            sleep(PAUSE).await;
        }
    }
    if let Some(core) = core.upgrade() {
        core.counting.end();
    }
}
