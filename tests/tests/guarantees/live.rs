//! `live`: a client that asks for an event stream gets the response again after every commit.

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use http::{Request, Response, StatusCode, header};
use kr_runtime::SharedMap;
use kr_runtime::axum::Router;
use kr_runtime::prelude::*;
use kr_tests::stores::manual_store;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "score")]
struct Score(u32);

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "game:{id}")]
struct Game(u32);

#[derive(Clone, Host)]
struct Site {
    score: Shared<Score>,
    games: SharedMap<u32, Game>,
}

#[kr_route(get, "/score", live)]
#[locked("score")]
fn score(score: &Score) -> Json<&Score> {
    Json(score)
}

#[kr_route(get, "/score/counted", live)]
#[locked("score")]
fn counted_score(score: &Score) -> Json<&Score> {
    MADE.fetch_add(1, Ordering::SeqCst);
    Json(score)
}

/// How often [`counted_score`] has run.
static MADE: AtomicUsize = AtomicUsize::new(0);

#[kr_route(get, "/score/cached", cached, live)]
#[locked("score")]
fn cached_score(score: &Score) -> Json<&Score> {
    Json(score)
}

#[kr_route(get, "/game/{id}", live)]
#[locked("game:{id}")]
fn game(id: u32, game: &Game) -> String {
    format!("game {id}\nscore {}", game.0)
}

#[kr_route(get, "/positive", live)]
#[locked("score")]
fn positive(score: &Score) -> Result<Json<&Score>, Problem> {
    match score.0 {
        0 => Err(Problem::not_found("no score yet")),
        _ => Ok(Json(score)),
    }
}

fn site() -> Site {
    Site {
        score: Shared::new(Score(0)),
        games: SharedMap::new(),
    }
}

fn router(site: &Site) -> Router {
    let routes = routes![score, cached_score, game, positive];
    App::new("scores", site.clone())
        .mount(routes)
        .into_router()
        .unwrap()
}

async fn get(router: &Router, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let request = headers
        .iter()
        .fold(Request::get(path), |request, (name, value)| {
            request.header(*name, *value)
        });
    let request = request.body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap()
}

const EVENTS: (&str, &str) = ("accept", "text/event-stream");

struct Events(BodyDataStream);

impl Events {
    async fn of(router: &Router, path: &str) -> Self {
        Self::from(get(router, path, &[EVENTS]).await)
    }

    fn from(response: Response<Body>) -> Self {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/event-stream"
        );
        Self(response.into_body().into_data_stream())
    }

    /// The next event. Its id is the revision alone, without the tag of the process.
    async fn next(&mut self) -> Option<String> {
        let event = self.next_with_tag().await?;
        let Some((id, data)) = event.split_once('\n') else {
            return Some(event);
        };
        let id = id.split_once('.').map_or(id, |(revision, _)| revision);
        Some(format!("{id}\n{data}"))
    }

    async fn next_with_tag(&mut self) -> Option<String> {
        let next = timeout(Duration::from_secs(5), self.0.next());
        let bytes = next.await.expect("an event")?.unwrap();
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// The id of the next event, as a client sends it back.
    async fn next_id(&mut self) -> String {
        let event = self.next_with_tag().await.unwrap();
        let id = event.lines().next().unwrap().strip_prefix("id: ");
        id.unwrap().to_owned()
    }

    async fn is_silent(&mut self) -> bool {
        timeout(Duration::from_millis(100), self.0.next())
            .await
            .is_err()
    }
}

async fn add(site: &Site, points: u32) {
    site.update(move |score: &mut Score| score.0 += points)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_listener_gets_the_state_and_then_every_commit_with_its_revision() {
    let site = site();
    let router = router(&site);
    let mut events = Events::of(&router, "/score").await;
    assert_eq!(events.next().await.unwrap(), "id: 0\ndata: 0\n\n");
    add(&site, 5).await;
    assert_eq!(events.next().await.unwrap(), "id: 1\ndata: 5\n\n");
    add(&site, 1).await;
    assert_eq!(events.next().await.unwrap(), "id: 2\ndata: 6\n\n");
    assert!(events.is_silent().await);
}

#[tokio::test]
async fn others_get_the_ordinary_response() {
    let site = site();
    let router = router(&site);
    for path in ["/score", "/score/cached"] {
        let response = get(&router, path, &[("accept", "application/json")]).await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(response.headers()[header::VARY], "accept");
    }
    let cached = get(&router, "/score/cached", &[]).await;
    let tag = cached.headers()[header::ETAG].to_str().unwrap();
    let known = get(&router, "/score/cached", &[("if-none-match", tag)]).await;
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(known.headers()[header::VARY], "accept");
    let events = get(&router, "/score", &[EVENTS]).await;
    assert_eq!(events.headers()[header::VARY], "accept");
}

#[tokio::test]
async fn a_cached_response_can_be_followed_too() {
    let site = site();
    let router = router(&site);
    let mut events = Events::of(&router, "/score/cached").await;
    assert_eq!(events.next().await.unwrap(), "id: 0\ndata: 0\n\n");
    add(&site, 5).await;
    assert_eq!(events.next().await.unwrap(), "id: 1\ndata: 5\n\n");
}

#[tokio::test]
async fn each_key_is_followed_for_itself() {
    let site = site();
    let router = router(&site);
    let mut seven = Events::of(&router, "/game/7").await;
    let mut eight = Events::of(&router, "/game/8").await;
    assert_eq!(
        seven.next().await.unwrap(),
        "id: 0\ndata: game 7\ndata: score 0\n\n"
    );
    assert_eq!(
        eight.next().await.unwrap(),
        "id: 0\ndata: game 8\ndata: score 0\n\n"
    );
    site.games.update(&7, |game| game.0 += 1).await.unwrap();
    assert_eq!(
        seven.next().await.unwrap(),
        "id: 1\ndata: game 7\ndata: score 1\n\n"
    );
    assert!(eight.is_silent().await);
}

#[tokio::test]
async fn a_removed_instance_is_an_event() {
    let site = site();
    let router = router(&site);
    site.games.update(&7, |game| game.0 += 1).await.unwrap();
    let mut events = Events::of(&router, "/game/7").await;
    assert!(events.next().await.unwrap().contains("score 1"));
    site.games.remove(&7).await.unwrap();
    assert!(events.next().await.unwrap().contains("score 0"));
}

#[tokio::test]
async fn a_reader_that_is_too_slow_gets_the_newest_and_skips_the_rest() {
    let site = site();
    let router = router(&site);
    let mut events = Events::of(&router, "/score").await;
    events.next().await;
    for _ in 0..50 {
        add(&site, 1).await;
    }
    sleep(Duration::from_millis(50)).await;
    assert_eq!(events.next().await.unwrap(), "id: 50\ndata: 50\n\n");
    assert!(events.is_silent().await);
}

#[tokio::test]
async fn a_client_that_has_seen_the_newest_revision_does_not_get_it_again() {
    let site = site();
    let router = router(&site);
    let mut events = Events::of(&router, "/score").await;
    let older = events.next_id().await;
    add(&site, 5).await;
    let newest = events.next_id().await;
    let seen = get(&router, "/score", &[EVENTS, ("last-event-id", &newest)]).await;
    let mut seen = Events::from(seen);
    let older = get(&router, "/score", &[EVENTS, ("last-event-id", &older)]).await;
    let mut older = Events::from(older);
    assert!(seen.is_silent().await);
    assert_eq!(older.next().await.unwrap(), "id: 1\ndata: 5\n\n");
    add(&site, 1).await;
    assert_eq!(seen.next().await.unwrap(), "id: 2\ndata: 6\n\n");
}

/// After a restart, the revisions begin again, and the same one may be that of another value.
#[tokio::test]
async fn a_client_of_an_earlier_process_gets_the_newest_whatever_it_has_seen() {
    let (before, after) = (site(), site());
    let seen = Events::of(&router(&before), "/score").await.next_id().await;
    let after = router(&after);
    let again = get(&after, "/score", &[EVENTS, ("last-event-id", &seen)]).await;
    let mut again = Events::from(again);
    assert_eq!(again.next().await.unwrap(), "id: 0\ndata: 0\n\n");
}

#[tokio::test]
async fn the_first_event_has_every_commit_that_was_answered() {
    let site = site();
    let router = router(&site);
    let mut first = Events::of(&router, "/score").await;
    first.next().await;
    for points in 1..=100 {
        add(&site, 1).await;
        let mut events = Events::of(&router, "/score").await;
        let expected = format!("id: {points}\ndata: {points}\n\n");
        assert_eq!(events.next().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_response_is_made_once_for_all_who_listen() {
    let site = site();
    let app = App::new("scores", site.clone()).mount(routes![counted_score]);
    let router = app.into_router().unwrap();
    let mut listeners = Vec::new();
    for _ in 0..100 {
        let mut events = Events::of(&router, "/score/counted").await;
        events.next().await;
        listeners.push(events);
    }
    assert_eq!(MADE.load(Ordering::SeqCst), 1);
    add(&site, 5).await;
    for events in &mut listeners {
        assert_eq!(events.next().await.unwrap(), "id: 1\ndata: 5\n\n");
    }
    assert_eq!(MADE.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_response_that_is_no_success_is_no_stream_and_ends_one() {
    let site = site();
    let router = router(&site);
    let refused = get(&router, "/positive", &[EVENTS]).await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
    add(&site, 5).await;
    let mut events = Events::of(&router, "/positive").await;
    assert_eq!(events.next().await.unwrap(), "id: 1\ndata: 5\n\n");
    site.replace(Score(0)).await.unwrap();
    assert_eq!(events.next().await, None);
    let refused = get(&router, "/positive", &[EVENTS]).await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_capture_that_does_not_fit_is_refused_as_always() {
    let router = router(&site());
    let refused = get(&router, "/game/seven", &[EVENTS]).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn nothing_is_sent_before_it_is_durable() {
    let (store, mut control) = manual_store();
    let site = site();
    let app = App::new("scores", site.clone()).store(store);
    let router = app.mount(routes![score]).into_router().unwrap();
    let mut events = Events::of(&router, "/score").await;
    assert_eq!(events.next().await.unwrap(), "id: 0\ndata: 0\n\n");
    let updated = tokio::spawn({
        let site = site.clone();
        async move { add(&site, 5).await }
    });
    control.next_batch().await;
    assert!(events.is_silent().await);
    control.keep();
    updated.await.unwrap();
    assert_eq!(events.next().await.unwrap(), "id: 1\ndata: 5\n\n");
}

#[tokio::test]
async fn a_comment_every_fifteen_seconds_keeps_proxies_awake() {
    let router = router(&site());
    let mut events = Events::of(&router, "/score").await;
    events.next().await;
    let comment = timeout(Duration::from_secs(16), events.0.next()).await;
    assert_eq!(&comment.expect("a comment").unwrap().unwrap()[..], b":\n\n");
}
