//! The feeds of a live route, by path.

use crate::store::Stamp;
use crate::transaction::Revisions;
use axum::body::Bytes;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The newest event of a path.
#[derive(Clone)]
pub(super) struct Latest {
    pub(super) event: Bytes,
    pub(super) revisions: Revisions,
    /// How many comments have been sent.
    pub(super) comments: u64,
    /// There will be no further event.
    pub(super) has_ended: bool,
}

/// The feeds that have listeners. The path says all that the response depends on, but for the states.
pub(crate) struct Feeds {
    by_path: Mutex<HashMap<String, watch::Sender<Latest>>>,
    /// The end of the ids of events, different for each life of the states. In another one, the same revisions may be those
    /// of another value.
    tag: String,
}

impl Feeds {
    pub(crate) fn new(epoch: u64) -> Self {
        Self {
            by_path: Mutex::default(),
            tag: format!("{epoch:016x}"),
        }
    }

    /// The id of an event: the revisions of the states' locks, which are a single number mostly, and the tag.
    pub(super) fn event_id(&self, revisions: &[Stamp]) -> String {
        let numbers: Vec<String> = revisions
            .iter()
            .map(|stamp| stamp.revision.to_string())
            .collect();
        let numbers = numbers.join("-");
        if revisions.iter().all(|stamp| stamp.epoch == 0) {
            return format!("{numbers}.{}", self.tag);
        }
        let epochs: Vec<String> = revisions
            .iter()
            .map(|stamp| format!("{:016x}", stamp.epoch))
            .collect();
        format!("{numbers}.{}", epochs.join("-"))
    }

    /// Joins a feed that is there.
    pub(super) fn join(&self, path: &str) -> Option<watch::Receiver<Latest>> {
        self.feeds().get(path).map(watch::Sender::subscribe)
    }

    /// Joins the feed of a path. If there is none, this is its first event, and the sender is for its producer.
    pub(super) fn join_or_start(
        &self,
        path: &str,
        first: Latest,
    ) -> (watch::Receiver<Latest>, Option<watch::Sender<Latest>>) {
        let mut feeds = self.feeds();
        if let Some(feed) = feeds.get(path) {
            return (feed.subscribe(), None);
        }
        let (sender, receiver) = watch::channel(first);
        feeds.insert(path.to_owned(), sender.clone());
        (receiver, Some(sender))
    }

    /// Ends a feed unless it has listeners. Nobody can join meanwhile.
    pub(super) fn end_if_unused(&self, path: &str, feed: &watch::Sender<Latest>) -> bool {
        let mut feeds = self.feeds();
        let is_unused = feed.receiver_count() == 0;
        if is_unused {
            feeds.remove(path);
        }
        is_unused
    }

    /// Ends a feed, and with it the streams of its listeners.
    pub(super) fn end(&self, path: &str, feed: &watch::Sender<Latest>) {
        self.feeds().remove(path);
        feed.send_modify(|latest| latest.has_ended = true);
    }

    fn feeds(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<Latest>>> {
        self.by_path.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(revision: u64, epoch: u64) -> Stamp {
        Stamp { revision, epoch }
    }

    #[test]
    fn the_id_has_the_revision_of_each_lock_and_a_tag() {
        let feeds = Feeds::new(0xbeef);
        assert_eq!(feeds.event_id(&[stamp(17, 0)]), "17.000000000000beef");
        assert_eq!(
            feeds.event_id(&[stamp(17, 0), stamp(0, 0)]),
            "17-0.000000000000beef"
        );
    }
}
