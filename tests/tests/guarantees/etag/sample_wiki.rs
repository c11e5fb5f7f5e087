//! The site of these tests.

use http::{Method, StatusCode};
use kr_runtime::prelude::*;
use kr_runtime::{Counter, Revision, SharedMap};
use kr_tests::{Client, Response, serve};

#[derive(Clone, Serialize, SharedState)]
#[shared_state(lock = "note")]
pub(super) struct Note {
    pub(super) text: String,
}

/// Under another lock, with a counter.
#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "aside")]
pub(super) struct Aside {
    asides: Counter,
}

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page:{id}")]
pub(super) struct Page(String);

#[derive(Clone, Host)]
pub(super) struct Wiki {
    note: Shared<Note>,
    aside: Shared<Aside>,
    title: Shared<Title>,
    pub(super) pages: SharedMap<u64, Page>,
}

#[kr_route(get, "/note", etag)]
#[locked("note")]
fn note<'n>(note: &'n Note, asides: &Counter) -> Json<(&'n str, i64)> {
    Json((&note.text, asides.get()))
}

#[kr_route(get, "/note/async", etag)]
#[locked("note")]
async fn note_async(note: &Note, revision: Revision) -> Json<(&str, Revision)> {
    tokio::task::yield_now().await;
    Json((&note.text, revision))
}

#[kr_route(get, "/note/blocking", etag, blocking)]
#[locked("note")]
fn note_blocking(note: &Note) -> String {
    note.text.clone()
}

#[derive(Clone, Serialize, SharedState)]
#[shared_state(lock = "title")]
pub(super) struct Title(String);

#[kr_route(get, "/title", cached, live, etag)]
#[locked("title")]
fn title(title: &Title, revision: Revision) -> Json<(&str, Revision)> {
    Json((&title.0, revision))
}

#[kr_route(put, "/title", etag)]
#[locked("title")]
fn set_title(title: &mut Title, text: String) -> StatusCode {
    title.0 = text;
    StatusCode::NO_CONTENT
}

#[kr_route(get, "/note/refused", etag)]
#[locked("note")]
fn refused(_note: &Note) -> Result<(), Problem> {
    Err(Problem::conflict("no"))
}

#[kr_route(put, "/note", etag)]
#[locked("note")]
pub(super) fn set(
    note: &mut Note,
    revision: Revision,
    text: String,
) -> Result<Json<Revision>, Problem> {
    if text.is_empty() {
        return Err(Problem::bad_request("a text is missing"));
    }
    note.text = text;
    Ok(Json(revision))
}

#[kr_route(put, "/note/async", etag)]
#[locked("note")]
async fn set_async(note: &mut Note, text: String) -> &'static str {
    tokio::task::yield_now().await;
    note.text = text;
    "done"
}

#[kr_route(put, "/note/blocking", etag, blocking)]
#[locked("note")]
fn set_blocking(note: &mut Note, text: String) -> &'static str {
    note.text = text;
    "done"
}

#[kr_route(put, "/note/in-place", etag)]
#[locked("note", in_place)]
fn set_in_place(note: &mut Note, text: String) -> &'static str {
    note.text = text;
    "done"
}

#[kr_route(get, "/pages/{id}", etag)]
#[locked("page:{id}")]
fn page(id: u64, page: Option<&Page>) -> Result<String, Problem> {
    let page = page.ok_or_else(|| Problem::not_found(format!("there is no page {id}")))?;
    Ok(page.0.clone())
}

/// As it would be, if there is none.
#[kr_route(get, "/pages/{id}/text", etag)]
#[locked("page:{id}")]
fn page_text(_id: u64, page: &Page, revision: Revision) -> Json<(&str, Revision)> {
    Json((&page.0, revision))
}

#[kr_route(put, "/pages/{id}", etag)]
#[locked("page:{id}")]
fn put_page(_id: u64, page: &mut Option<Page>, text: String) -> StatusCode {
    match page.replace(Page(text)) {
        None => StatusCode::CREATED,
        Some(_) => StatusCode::OK,
    }
}

#[kr_route(delete, "/pages/{id}", etag)]
#[locked("page:{id}")]
fn delete_page(_id: u64, page: &mut Option<Page>) -> StatusCode {
    page.take();
    StatusCode::NO_CONTENT
}

/// Does without the tag.
#[kr_route(put, "/plain")]
#[locked("note")]
fn plain(note: &mut Note, text: String) {
    note.text = text;
}

pub(super) fn wiki() -> Wiki {
    Wiki {
        note: Shared::new(Note { text: "a".into() }),
        aside: Shared::new(Aside::default()),
        title: Shared::new(Title("t".into())),
        pages: SharedMap::new(),
    }
}

pub(super) fn app(wiki: &Wiki) -> App<Wiki> {
    App::new("Wiki", wiki.clone()).mount(routes![
        note,
        note_async,
        note_blocking,
        title,
        set_title,
        refused,
        set,
        set_async,
        set_blocking,
        set_in_place,
        page,
        page_text,
        put_page,
        delete_page,
        plain,
    ])
}

pub(super) async fn connect(app: App<Wiki>) -> Client {
    Client::connect(serve(app.into_router().unwrap()).await).await
}

pub(super) async fn start() -> (Wiki, Client) {
    let wiki = wiki();
    let client = connect(app(&wiki)).await;
    (wiki, client)
}

pub(super) async fn put(
    client: &mut Client,
    path: &str,
    header: (&str, &str),
    text: &str,
) -> Response {
    let (method, text) = (Method::PUT, text.to_owned());
    client.send_with(method, path, &[header], text).await
}
