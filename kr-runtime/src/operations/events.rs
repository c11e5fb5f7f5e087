//! What happens, as it happens: a stream of events for the pages.

use super::access::Client;
use super::shared::Shared;
use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// An event each second: the overview. It ends with the session and with the application.
pub(super) async fn events(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
) -> Response {
    Sse::new(stream(shared, client)).into_response()
}

fn stream(
    shared: Arc<Shared>,
    client: Client,
) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    unfold(
        (shared, client, ticks),
        async |(shared, client, mut ticks)| {
            if !wait(&shared, &client, &mut ticks).await {
                return None;
            }
            let data = serde_json::to_string(&shared.overview()).unwrap_or_default();
            let event = Event::default().event("overview").data(data);
            Some((Ok(event), (shared, client, ticks)))
        },
    )
}

/// Returns false if the stream ends.
async fn wait(shared: &Shared, client: &Client, ticks: &mut Interval) -> bool {
    let signed_out = async {
        match client.session() {
            Some(session) => session.ended.cancelled().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = ticks.tick() => true,
        () = signed_out => false,
        () = shared.closing.cancelled() => false,
    }
}
