//! The states and handlers of the tests: each handler makes another kind of response.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use http_body_util::Full;
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll};
use std::time::Duration;

/// How often a handler ran. A cached handler should not depend on such a thing; here it shows when the handler runs.
#[derive(Clone, Default)]
pub(super) struct Runs(Arc<AtomicU64>);

impl Runs {
    pub(super) fn count(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "notes")]
pub(super) struct Notes {
    pub(super) lines: Vec<String>,
    #[serde(skip)]
    pub(super) runs: Runs,
}

/// Under a lock of its own.
#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "title")]
pub(super) struct Title(pub(super) String);

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "table")]
pub(super) struct Table {
    pub(super) rows: Vec<u64>,
    pub(super) runs: Runs,
}

/// Its readers wait at a barrier twice: at their start and before their end.
#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "meeting")]
pub(super) struct Meeting {
    pub(super) number: u64,
    pub(super) with: Option<Arc<Barrier>>,
}

#[derive(Clone, Host)]
pub(super) struct Site {
    pub(super) meeting: Shared<Meeting>,
    pub(super) notes: Shared<Notes>,
    pub(super) title: Shared<Title>,
    pub(super) table: Shared<Table>,
}

impl Site {
    pub(super) fn new() -> Self {
        Self {
            meeting: Shared::new(Meeting::default()),
            notes: Shared::new(Notes::default()),
            title: Shared::new(Title("Notes".into())),
            table: Shared::new(Table::default()),
        }
    }

    pub(super) fn router(&self) -> axum::Router {
        let routes = routes![
            notes, uncached, count, note, page, both, teapot, failing, panicking, bare, tagged,
            empty, frames, late, stream, rows, push, spoil, hold, meet
        ];
        App::new("Site", self.clone())
            .mount(routes)
            .into_router()
            .unwrap()
    }

    pub(super) async fn start() -> (Self, Client, SocketAddr) {
        let site = Self::new();
        let address = serve(site.router()).await;
        (site, Client::connect(address).await, address)
    }

    pub(super) fn runs(&self) -> u64 {
        self.latest::<Notes>().unwrap().runs.get()
    }

    pub(super) async fn push(&self, line: &str) {
        self.update(|notes: &mut Notes| notes.lines.push(line.into()))
            .await
            .unwrap();
    }
}

#[kr_route(get, "/notes", cached)]
#[locked("notes")]
fn notes(notes: &Notes) -> Json<&[String]> {
    notes.runs.count();
    Json(&notes.lines)
}

#[kr_route(get, "/uncached")]
#[locked("notes")]
fn uncached(notes: &Notes) -> Json<&[String]> {
    Json(&notes.lines)
}

/// Responds with another number each time it runs.
#[kr_route(get, "/count", cached)]
#[locked("notes")]
fn count(notes: &Notes) -> Json<u64> {
    Json(notes.runs.count())
}

#[kr_route(post, "/note")]
#[locked("notes")]
fn note(notes: &mut Notes, line: String) -> Result<(), Problem> {
    notes.lines.push(line.clone());
    match line.as_str() {
        "" => Err(Problem::bad_request("a note is required")),
        _ => Ok(()),
    }
}

/// Sets headers.
#[kr_route(get, "/page", cached)]
#[locked("notes")]
fn page(notes: &Notes) -> impl IntoResponse {
    let headers = [
        ("cache-control", "max-age=0"),
        ("content-type", "text/html"),
        ("vary", "accept"),
        ("vary", "cookie"),
        ("x-lines", "some"),
    ];
    let mut response = format!("<p>{}</p>", notes.lines.join("<br>")).into_response();
    for (name, value) in headers.into_iter().skip(1) {
        let value = http::HeaderValue::from_static(value);
        match name {
            "vary" => response.headers_mut().append(name, value),
            _ => response.headers_mut().insert(name, value).is_none(),
        };
    }
    ([headers[0]], response)
}

/// Reads under two locks.
#[kr_route(get, "/both", cached)]
#[locked("notes", "title")]
fn both(title: &Title, notes: &Notes) -> String {
    notes.runs.count();
    format!("{}: {}", title.0, notes.lines.join(", "))
}

#[kr_route(get, "/teapot", cached)]
#[locked("notes")]
fn teapot(notes: &Notes) -> (StatusCode, Json<u64>) {
    (StatusCode::IM_A_TEAPOT, Json(notes.runs.count()))
}

#[kr_route(get, "/failing", cached)]
#[locked("notes")]
fn failing(notes: &Notes) -> Result<&'static str, Problem> {
    match notes.runs.count() {
        1 => Err(Problem::not_found("nothing yet")),
        _ => Ok("here"),
    }
}

#[kr_route(get, "/panicking", cached)]
#[locked("notes")]
fn panicking(notes: &Notes) -> &'static str {
    assert!(notes.runs.count() > 1, "the first time");
    "here"
}

#[kr_route(get, "/bare", cached)]
#[locked("notes")]
fn bare(notes: &Notes) {
    notes.runs.count();
}

#[kr_route(get, "/tagged", cached)]
#[locked("notes")]
fn tagged(notes: &Notes) -> ([(&'static str, String); 1], Json<u64>) {
    (
        [(
            "etag",
            format!("\"of {}\"", notes.lines.len()).replace(' ', "-"),
        )],
        Json(notes.runs.count()),
    )
}

#[kr_route(get, "/empty", cached)]
#[locked("notes")]
fn empty(notes: &Notes) -> Response {
    notes.runs.count();
    Response::new(Body::new(Full::<Bytes>::default()))
}

/// A body of a known length that arrives in frames. An empty piece stands for a frame that is not ready yet.
struct Frames(VecDeque<&'static str>);

impl HttpBody for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0.pop_front() {
            Some("") => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            piece => Poll::Ready(piece.map(|piece| Ok(Frame::data(piece.into())))),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|piece| piece.len() as u64).sum())
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }
}

#[kr_route(get, "/frames", cached)]
#[locked("notes")]
fn frames(notes: &Notes) -> Response {
    notes.runs.count();
    Response::new(Body::new(Frames(["ab", "cd", "", "ef"].into())))
}

#[kr_route(get, "/late", cached)]
#[locked("notes")]
fn late(notes: &Notes) -> Response {
    notes.runs.count();
    Response::new(Body::new(Frames(["", "ab", "cdef"].into())))
}

#[kr_route(get, "/stream", cached)]
#[locked("notes")]
fn stream(notes: &Notes) -> Response {
    notes.runs.count();
    let pieces = futures_util::stream::iter(["abc", "def"].map(Ok::<_, Infallible>));
    Response::new(Body::from_stream(pieces))
}

#[kr_route(get, "/rows", cached)]
#[locked("table")]
fn rows(table: &Table) -> Json<&[u64]> {
    table.runs.count();
    Json(&table.rows)
}

#[kr_route(post, "/push")]
#[locked("table", in_place)]
fn push(table: &mut Table) {
    table.rows.push(1);
}

#[kr_route(post, "/spoil")]
#[locked("table", in_place)]
fn spoil(table: &mut Table) -> StatusCode {
    table.rows.push(1);
    panic!("half-way")
}

/// Keeps the table checked out for a while.
#[kr_route(post, "/hold")]
#[locked("table", in_place)]
fn hold(table: &mut Table) {
    table.rows.push(2);
    std::thread::sleep(Duration::from_millis(150));
    table.rows.push(3);
}

#[kr_route(get, "/meet", cached)]
#[locked("meeting")]
fn meet(meeting: &Meeting) -> Json<u64> {
    if let Some(with) = &meeting.with {
        with.wait();
        with.wait();
    }
    Json(meeting.number)
}
