use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use kr_runtime::prelude::*;
use std::rc::Rc;

type Outcome<T> = Result<T, Problem>;

#[derive(Clone, SharedState)]
#[shared_state(lock = "names")]
struct Names(Vec<String>);

#[derive(Clone, SharedState)]
#[shared_state(lock = " NAMES ", name = "Sizes")]
struct Lengths(Vec<usize>);

#[derive(Clone, SharedState)]
#[shared_state(lock = "total")]
#[allow(dead_code)]
enum Total {
    Known(usize),
    Unknown,
}

#[derive(Host)]
struct Site(Shared<Names>, Shared<Lengths>, Shared<Total>);

#[derive(Deserialize)]
struct Page {
    from: usize,
}

#[kr_route(get, "/borrowed")]
#[locked("names")]
fn borrowed(names: &Names) -> Json<&[String]> {
    Json(&names.0)
}

#[kr_route(get, "/opaque")]
#[locked("names")]
fn opaque(names: &Names) -> impl IntoResponse {
    Json(&names.0)
}

#[kr_route(post, "/all/{name}/{count}")]
#[locked("names", "total")]
#[allow(clippy::too_many_arguments)]
async fn all(
    method: Method,
    Query(Page { from }): Query<Page>,
    names: &mut Names,
    Lengths(lengths): &Lengths,
    Path((_, _)): Path<(String, usize)>,
    total: &mut Total,
    _headers: HeaderMap,
    body: Option<Json<Vec<String>>>,
) -> Outcome<(StatusCode, Json<usize>)> {
    let Json(more) = body.ok_or(Problem::bad_request("no names"))?;
    names.0.extend(more);
    *total = Total::Known(names.0.len() + lengths.len() + from);
    std::future::ready(method).await;
    Ok((StatusCode::CREATED, Json(names.0.len())))
}

#[kr_route(put, "/captures/{a}/{b}/{c}")]
#[locked("names")]
fn captures(c: u8, names: &mut Names, _b: String, mut a: i64, bytes: Bytes) -> &'static str {
    a += i64::from(c);
    names.0.push(format!("{a} {}", bytes.len()));
    "done"
}

#[kr_route(delete, "/")]
#[locked("total")]
fn unit(total: &mut Total) {
    *total = Total::Unknown;
}

/// A response that is not `Send`. A handler that only reads may return it: there is no `.await` before it is built. (One
/// that changes state may not, KR0217: its output is kept until the change is durable.)
struct NotSend(Rc<str>);

impl IntoResponse for NotSend {
    fn into_response(self) -> Response {
        self.0.to_string().into_response()
    }
}

#[kr_route(get, "/here")]
#[locked("names")]
async fn read_here(names: &Names) -> NotSend {
    std::future::ready(()).await;
    NotSend(names.0.concat().into())
}

#[kr_route(get, "/never")]
fn never() -> Response {
    unimplemented!()
}

#[test]
fn all_signatures_are_handlers() {
    let site = Site(
        Shared::new(Names(Vec::new())),
        Shared::new(Lengths(Vec::new())),
        Shared::new(Total::Known(0)),
    );
    let app = App::new("Site", site)
        .mount(routes![borrowed, opaque, all, captures, unit, read_here])
        .mount(routes![never,])
        .mount(routes![]);
    assert!(app.into_router().is_ok());
    assert_eq!(Lengths::NAME, "Sizes");
}
