//! One client that follows a response.

use super::event::{COMMENT, event};
use super::feeds::Latest;
use super::producer::{changes, produce};
use super::source::Source;
use crate::host::OwnedPlan;
#[cfg(feature = "operations")]
use crate::http::route_metrics::OpenStream;
use crate::lock::WaitPolicy;
use crate::store::refresh;
use crate::transaction::Revisions;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::watch;

/// The stream of events. If the response is no success, that response.
pub(super) async fn open<A: Send + 'static>(source: Arc<Source<A>>) -> Response {
    match join(&source).await {
        Ok(feed) => stream(&source, feed),
        Err(response) => response,
    }
}

/// Joins the feed of the path, or starts it. Its newest event has every commit that was answered before the request came.
async fn join<A: Send + 'static>(
    source: &Arc<Source<A>>,
) -> Result<watch::Receiver<Latest>, Response> {
    let plan = source.plan().await?;
    let feeds = &source.handler.feeds;
    loop {
        let mut feed = match feeds.join(source.path()) {
            Some(feed) => feed,
            None => {
                // Before the response is made, so that no commit is missed in between.
                let changes = changes(&plan);
                let (event, revisions) = event(source.make().await?, feeds).await?;
                let first = Latest {
                    event,
                    revisions,
                    comments: 0,
                    has_ended: false,
                };
                let (feed, sender) = feeds.join_or_start(source.path(), first);
                if let Some(sender) = sender {
                    let source = Arc::clone(source);
                    tokio::spawn(produce(source, Arc::clone(&plan), changes, sender));
                    return Ok(feed);
                }
                feed
            }
        };
        if is_current(&plan, &mut feed).await {
            return Ok(feed);
        }
    }
}

/// Waits until the newest event has all commits that are durable now. `false` if the feed has ended.
async fn is_current(plan: &OwnedPlan, feed: &mut watch::Receiver<Latest>) -> bool {
    let is_shared = plan.is_shared();
    if is_shared {
        // Without an answer, what is known has to do: the producer follows the store.
        let _ = refresh(&plan.groups, &WaitPolicy::OF_LOCK).await;
    }
    loop {
        {
            let latest = feed.borrow_and_update();
            if latest.has_ended {
                return false;
            }
            // A state that cannot be read now is the producer's to wait for.
            let durable = match is_shared {
                true => Some(plan.known_revisions()),
                false => plan.load_durable_at(None).ok().map(|(_, durable)| durable),
            };
            if durable.is_some_and(|durable| durable == latest.revisions) {
                return true;
            }
        }
        if feed.changed().await.is_err() {
            return false;
        }
    }
}

fn stream<A: Send + 'static>(source: &Source<A>, feed: watch::Receiver<Latest>) -> Response {
    let known = source.headers().get("last-event-id");
    let known = known.and_then(|id| id.to_str().ok());
    let latest = feed.borrow();
    let listener = Listener {
        // An `EventSource` that has lost its connection says what it has seen.
        sent: (known == Some(&source.handler.feeds.event_id(&latest.revisions)))
            .then(|| latest.revisions.clone()),
        comments: latest.comments,
        feed: feed.clone(),
        #[cfg(feature = "operations")]
        _open: OpenStream::begin(source.handler.metrics),
    };
    drop(latest);
    let mut response = Response::new(Body::from_stream(unfold(listener, Listener::next)));
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "accept"),
        // For nginx, which would collect the events.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What a client has got.
struct Listener {
    feed: watch::Receiver<Latest>,
    sent: Option<Revisions>,
    comments: u64,
    #[cfg(feature = "operations")]
    _open: OpenStream,
}

impl Listener {
    /// The next event or comment, as soon as there is one.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        loop {
            let next = self.newest();
            match next {
                Some(Next::Send(bytes)) => return Some((Ok(bytes), self)),
                Some(Next::End) => return None,
                None => self.feed.changed().await.ok()?,
            }
        }
    }

    fn newest(&mut self) -> Option<Next> {
        let latest = self.feed.borrow_and_update();
        if latest.has_ended {
            return Some(Next::End);
        }
        if self.sent.as_ref() != Some(&latest.revisions) {
            self.sent = Some(latest.revisions.clone());
            self.comments = latest.comments;
            return Some(Next::Send(latest.event.clone()));
        }
        if self.comments != latest.comments {
            self.comments = latest.comments;
            return Some(Next::Send(COMMENT));
        }
        None
    }
}

enum Next {
    Send(Bytes),
    End,
}
