//! The task that makes the events of a feed.

use super::event::event;
use super::feeds::Latest;
use super::source::Source;
use crate::host::OwnedPlan;
use crate::store::GroupRef;
use futures_util::future::select_all;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

/// How often a comment is sent. Proxies close a connection on which nothing has happened for a minute or so.
const COMMENT_INTERVAL: Duration = Duration::from_secs(15);

/// The revisions of a response's locks, as they change.
pub(super) fn changes(plan: &OwnedPlan) -> Vec<watch::Receiver<u64>> {
    let groups = plan.groups.iter();
    groups
        .map(|group| {
            let mut revisions = group.subscribe();
            revisions.mark_unchanged();
            revisions
        })
        .collect()
}

/// Makes an event after each commit, as long as somebody listens. Commits that come while one is made share the next.
pub(super) async fn produce<A: Send + 'static>(
    source: Arc<Source<A>>,
    // Keeps the instances of keyed states whose revisions are followed.
    _plan: Arc<OwnedPlan>,
    mut changes: Vec<watch::Receiver<u64>>,
    feed: watch::Sender<Latest>,
) {
    let feeds = &source.handler.feeds;
    let path = source.path();
    let mut comments = interval(COMMENT_INTERVAL);
    comments.set_missed_tick_behavior(MissedTickBehavior::Delay);
    comments.reset();
    loop {
        let changed = changes.iter_mut().map(|lock| Box::pin(lock.changed()));
        tokio::select! {
            _ = select_all(changed) => {}
            _ = comments.tick() => {
                feed.send_modify(|latest| latest.comments += 1);
                continue;
            }
            () = feed.closed() => match feeds.end_if_unused(path, &feed) {
                true => return,
                false => continue,
            }
        }
        changes.iter_mut().for_each(watch::Receiver::mark_unchanged);
        let made = match source.make().await {
            Ok(made) => event(made, feeds).await,
            Err(response) => Err(response),
        };
        // Who asks again gets the response that is not a success.
        let Ok((event, revisions)) = made else {
            feeds.end(path, &feed);
            return;
        };
        feed.send_if_modified(|latest| {
            let is_new = latest.revisions != revisions;
            latest.event = event;
            latest.revisions = revisions;
            is_new
        });
    }
}
