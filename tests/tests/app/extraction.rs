//! What handlers extract from a request, and the errors when they cannot.

use crate::{Items, item, put, shop};
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Redirect;
use http::{Method, StatusCode};
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use serde_json::json;

#[kr_route(delete, "/item/{id}")]
#[locked("items")]
fn remove(items: &mut Items, Path(id): Path<u64>) -> StatusCode {
    items.0.remove(&id);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Filter {
    longest: usize,
}

#[kr_route(get, "/items/{from}/{to}")]
#[locked("items")]
fn range(
    headers: HeaderMap,
    to: u64,
    items: &Items,
    from: u64,
    Query(filter): Query<Filter>,
) -> impl IntoResponse {
    let names: Vec<_> = items
        .0
        .range(from..to)
        .map(|(_, name)| name.as_str())
        .collect();
    let short: Vec<_> = names
        .into_iter()
        .filter(|name| name.len() <= filter.longest)
        .collect();
    let echoed = headers
        .get("x-request")
        .cloned()
        .unwrap_or(HeaderValue::from_static("no"));
    (
        [(HeaderName::from_static("x-request"), echoed)],
        Json(short),
    )
        .into_response()
}

#[kr_route(get, "/files/{*path}")]
fn file(path: String) -> String {
    path
}

async fn client() -> Client {
    let app = App::new("Shop", shop()).mount(routes![item, put, remove, range, file]);
    Client::connect(serve(app.into_router().unwrap()).await).await
}

#[tokio::test]
async fn captures_are_matched_by_argument_name() {
    let mut client = client().await;
    let created = client.send(Method::PUT, "/item/7", None, "helmet").await;
    assert_eq!(created.status, StatusCode::CREATED);
    client
        .send(Method::PUT, "/item/8", None, "a long rope")
        .await;
    assert_eq!(client.get("/item/7").await.json(), json!("helmet"));
    let some = client.get("/items/1/9?longest=6").await;
    assert_eq!(
        (some.json(), some.header("x-request")),
        (json!(["helmet"]), "no")
    );
    client.send(Method::DELETE, "/item/7", None, "").await;
    let gone = client.get("/item/7").await;
    assert_eq!(gone.problem(StatusCode::NOT_FOUND), "there is no item 7");
    assert_eq!(client.get("/files/a/b%20c").await.text(), "a/b c");
}

#[tokio::test]
async fn the_error_names_a_capture_of_the_wrong_type() {
    let mut client = client().await;
    let one = client
        .get("/item/seven")
        .await
        .problem(StatusCode::BAD_REQUEST);
    assert!(
        one.contains("`id`") && one.contains("`seven`") && one.contains("a whole number"),
        "{one}"
    );
    let second = client
        .get("/items/1/x?longest=1")
        .await
        .problem(StatusCode::BAD_REQUEST);
    assert!(
        second.contains("`to`") && second.contains("`x`"),
        "{second}"
    );
    let foreign = client.send(Method::DELETE, "/item/x", None, "").await;
    let foreign = foreign.problem(StatusCode::BAD_REQUEST);
    assert!(foreign.contains("`x`"), "{foreign}");
}

#[tokio::test]
async fn a_bad_query_is_a_problem_response() {
    let mut client = client().await;
    let detail = client
        .get("/items/1/2")
        .await
        .problem(StatusCode::BAD_REQUEST);
    assert!(detail.contains("longest"), "{detail}");
}

#[tokio::test]
async fn a_body_that_is_not_utf8_is_a_problem_response() {
    let mut client = client().await;
    let response = client
        .send(Method::PUT, "/item/1", None, vec![0xff, 0xfe])
        .await;
    let _ = response.problem(StatusCode::BAD_REQUEST);
}

/// An extractor that redirects to the login page.
struct LoggedIn;

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for LoggedIn {
    type Rejection = Redirect;

    async fn from_request_parts(
        _: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Self, Redirect> {
        Err(Redirect::to("/login"))
    }
}

#[kr_route(get, "/members")]
fn members(_user: LoggedIn) -> &'static str {
    "hello"
}

#[kr_route(get, "/broken")]
fn broken(axum::Extension(secret): axum::Extension<u8>) -> String {
    secret.to_string()
}

#[tokio::test]
async fn a_rejection_that_is_not_an_error_passes_unchanged() {
    let app = App::new("Shop", shop()).mount(routes![members]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    let response = client.get("/members").await;
    assert_eq!(
        (response.status, response.header("location")),
        (StatusCode::SEE_OTHER, "/login")
    );
}

#[tokio::test]
async fn a_rejection_that_reveals_internals_is_hidden_from_the_client() {
    let app = App::new("Shop", shop()).mount(routes![broken]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    let detail = client
        .get("/broken")
        .await
        .problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
}

/// Fails to serialize.
struct NotSerializable;

impl Serialize for NotSerializable {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("the secret cause"))
    }
}

#[kr_route(get, "/not_serializable")]
fn not_serializable() -> Json<NotSerializable> {
    Json(NotSerializable)
}

#[tokio::test]
async fn a_response_that_cannot_be_serialized_does_not_reveal_the_cause() {
    let app = App::new("Shop", shop()).mount(routes![not_serializable]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    let detail = client
        .get("/not_serializable")
        .await
        .problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
}
