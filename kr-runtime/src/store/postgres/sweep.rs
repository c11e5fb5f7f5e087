//! Rows that nobody needs any more are removed, a few at a time.

use super::core::Core;
use crate::sync::log;
use std::sync::Weak;
use std::time::Duration;
use tokio::time::sleep;

/// How often.
const INTERVAL: Duration = Duration::from_secs(60);

/// What is gone for so long was seen to be gone by everybody. Their revisions are not used again all the same.
const REMOVED: &str = "WITH gone AS (DELETE FROM kr.state WHERE (space, key) IN \
        (SELECT space, key FROM kr.state WHERE states IS NULL AND space <> '' \
         AND changed_at < now() - interval '1 day' LIMIT 1000 FOR UPDATE SKIP LOCKED) RETURNING space, revision) \
    INSERT INTO kr.space (space, last_removed) SELECT space, max(revision) FROM gone GROUP BY space \
    ON CONFLICT (space) DO UPDATE SET last_removed = greatest(kr.space.last_removed, excluded.last_removed)";

const RESPONSES: &str = "DELETE FROM kr.response WHERE id IN \
    (SELECT id FROM kr.response WHERE until < now() LIMIT 1000 FOR UPDATE SKIP LOCKED)";

const WRITERS: &str = "DELETE FROM kr.writer WHERE id IN \
    (SELECT id FROM kr.writer WHERE changed_at < now() - interval '1 day' LIMIT 1000 FOR UPDATE SKIP LOCKED)";

/// The removed rows are looked for once in so many rounds: that reads the whole table.
const ROUNDS: u32 = 60;

/// Removes them as long as there is a store.
pub(super) async fn run(core: Weak<Core>) {
    for round in 1_u32.. {
        sleep(INTERVAL).await;
        let Some(core) = core.upgrade() else { return };
        let Ok(client) = core.server.connection(None).await else {
            continue;
        };
        let statements = match round.is_multiple_of(ROUNDS) {
            true => &[RESPONSES, WRITERS, REMOVED][..],
            false => &[RESPONSES][..],
        };
        for statement in statements {
            if let Err(error) = client.batch_execute(statement).await {
                log::warn!(
                    reason = super::errors::text(&error),
                    "rows that nobody needs could not be removed"
                );
                break;
            }
        }
    }
}
