//! Changes of other processes that somebody subscribes to: the server is asked for them every now and then. Nothing depends
//! on a notification that may be lost, and commits pay for none.

use super::core::Core;
use std::sync::Weak;
use tokio::time::sleep;

/// How many rows are asked for at a time.
const ROWS_AT_ONCE: usize = 1000;

/// Asks for what has changed as long as there is a store.
pub(super) async fn run(core: Weak<Core>) {
    loop {
        let Some(interval) = core.upgrade().map(|core| core.limits.watch_interval) else {
            return;
        };
        sleep(interval).await;
        let Some(core) = core.upgrade() else { return };
        let groups = core.watched.groups();
        for groups in groups.chunks(ROWS_AT_ONCE) {
            // An error shows where somebody reads.
            let _ = core.questions.ask(groups.to_vec()).await;
        }
    }
}
