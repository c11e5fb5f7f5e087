//! What an application checks before it starts, and how it fits into an existing one.

mod dispatch;
mod root;

use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Redirect;
use http::{Method, StatusCode};
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "items")]
struct Items(BTreeMap<u64, String>);

#[derive(Host)]
struct Shop {
    items: Shared<Items>,
}

fn shop() -> Shop {
    Shop {
        items: Shared::new(Items::default()),
    }
}

#[kr_route(get, "/item/{id}")]
#[locked("items")]
fn item(items: &Items, id: u64) -> Result<Json<&String>, Problem> {
    let item = items.0.get(&id);
    Ok(Json(item.ok_or(Problem::not_found(format!(
        "there is no item {id}"
    )))?))
}

#[kr_route(put, "/item/{id}")]
#[locked("items")]
async fn put(id: u64, items: &mut Items, name: String) -> StatusCode {
    tokio::task::yield_now().await;
    match items.0.insert(id, name) {
        Some(_) => StatusCode::OK,
        None => StatusCode::CREATED,
    }
}

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
    let asked = headers
        .get("x-asked")
        .cloned()
        .unwrap_or(HeaderValue::from_static("no"));
    ([(HeaderName::from_static("x-asked"), asked)], Json(short)).into_response()
}

#[kr_route(get, "/files/{*path}")]
fn file(path: String) -> String {
    path
}

macro_rules! verbs {
    ($($verb:ident)*) => {
        $(
            #[kr_route($verb, "/verb")]
            pub(super) fn $verb() -> &'static str {
                stringify!($verb)
            }
        )*
    };
}

mod verb {
    use kr_runtime::prelude::*;
    verbs!(get post put patch delete options trace);
}

async fn client() -> Client {
    let app = App::new("Shop", shop())
        .mount(routes![item, put, remove, range, file])
        .mount(routes![
            verb::get,
            verb::post,
            verb::put,
            verb::patch,
            verb::delete
        ])
        .mount(routes![verb::options, verb::trace]);
    Client::connect(serve(app.into_router().unwrap()).await).await
}

#[tokio::test]
async fn captures_come_by_the_name_of_the_argument() {
    let mut client = client().await;
    let created = client.send(Method::PUT, "/item/7", None, "helmet").await;
    assert_eq!(created.status, StatusCode::CREATED);
    client
        .send(Method::PUT, "/item/8", None, "a long rope")
        .await;
    assert_eq!(client.get("/item/7").await.json(), json!("helmet"));
    let some = client.get("/items/1/9?longest=6").await;
    assert_eq!(
        (some.json(), some.header("x-asked")),
        (json!(["helmet"]), "no")
    );
    client.send(Method::DELETE, "/item/7", None, "").await;
    let gone = client.get("/item/7").await;
    assert_eq!(gone.problem(StatusCode::NOT_FOUND), "there is no item 7");
    assert_eq!(client.get("/files/a/b%20c").await.text(), "a/b c");
}

#[tokio::test]
async fn a_capture_that_does_not_fit_its_type_is_named() {
    let mut client = client().await;
    let one = client
        .get("/item/seven")
        .await
        .problem(StatusCode::BAD_REQUEST);
    assert!(
        one.contains("`id`") && one.contains("`seven`") && one.contains("u64"),
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
async fn a_query_that_is_wrong_is_a_problem() {
    let mut client = client().await;
    let detail = client
        .get("/items/1/2")
        .await
        .problem(StatusCode::BAD_REQUEST);
    assert!(detail.contains("longest"), "{detail}");
}

#[tokio::test]
async fn a_body_that_is_no_text_is_a_problem() {
    let mut client = client().await;
    let response = client
        .send(Method::PUT, "/item/1", None, vec![0xff, 0xfe])
        .await;
    let _ = response.problem(StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn every_verb_of_axum_is_routed() {
    let mut client = client().await;
    for verb in ["get", "post", "put", "patch", "delete", "options", "trace"] {
        let method = verb.to_uppercase().parse().unwrap();
        assert_eq!(client.send(method, "/verb", None, "").await.text(), verb);
    }
}

#[tokio::test]
async fn it_nests_in_an_existing_application_with_its_layers() {
    async fn mark(
        request: axum::extract::Request,
        next: axum::middleware::Next,
    ) -> axum::response::Response {
        let mut response = next.run(request).await;
        response
            .headers_mut()
            .insert("x-layer", HeaderValue::from_static("seen"));
        response
    }
    let kr = App::new("Shop", shop())
        .mount(routes![put])
        .into_router()
        .unwrap();
    let outer = axum::Router::<String>::new()
        .route("/own", axum::routing::get(|| async { "own" }))
        .nest("/shop", kr.with_state(()))
        .layer(axum::middleware::from_fn(mark))
        .with_state(String::new());
    let mut client = Client::connect(serve(outer).await).await;
    assert_eq!(client.get("/own").await.text(), "own");
    let made = client.send(Method::PUT, "/shop/item/1", None, "x").await;
    assert_eq!(
        (made.status, made.header("x-layer")),
        (StatusCode::CREATED, "seen")
    );
    let wrong = client.send(Method::PATCH, "/shop/item/1", None, "x").await;
    let _ = wrong.problem(StatusCode::METHOD_NOT_ALLOWED);
}

/// An extractor that sends people elsewhere.
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
async fn a_rejection_that_is_no_error_passes_as_it_is() {
    let app = App::new("Shop", shop()).mount(routes![members]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    let response = client.get("/members").await;
    assert_eq!(
        (response.status, response.header("location")),
        (StatusCode::SEE_OTHER, "/login")
    );
}

#[tokio::test]
async fn a_rejection_that_tells_of_the_inside_does_not_reach_the_client() {
    let app = App::new("Shop", shop()).mount(routes![broken]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    let detail = client
        .get("/broken")
        .await
        .problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
}

/// Cannot be written after all.
struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("the secret cause"))
    }
}

#[kr_route(get, "/unwritable")]
fn unwritable() -> Json<Unwritable> {
    Json(Unwritable)
}

#[tokio::test]
async fn an_answer_that_cannot_be_written_does_not_tell_why() {
    let app = App::new("Shop", shop()).mount(routes![unwritable]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    let detail = client
        .get("/unwritable")
        .await
        .problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
}

#[tokio::test]
async fn a_smaller_body_limit_is_kept() {
    let app = App::new("Shop", shop()).mount(routes![put]).body_limit(10);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    let fits = client
        .send(Method::PUT, "/item/1", None, "0123456789")
        .await;
    assert_eq!(fits.status, StatusCode::CREATED);
    let large = client
        .send(Method::PUT, "/item/1", None, "0123456789a")
        .await;
    let _ = large.problem(StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn everything_that_is_wrong_is_reported_together() {
    let error = App::new("Shop", shop())
        .mount(routes![item])
        .mount(routes![item])
        .endpoint("nowhere")
        .root("no/such/folder")
        .build()
        .unwrap_err()
        .to_string();
    assert!(error.contains("`Shop` cannot start:"), "{error}");
    for part in ["`nowhere`", "`no/such/folder`", "`item` (GET /item/{id})"] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
}

mod elsewhere {
    use kr_runtime::prelude::*;

    #[kr_route(post, "/item/{number}")]
    pub(crate) fn renamed(number: u64) -> String {
        number.to_string()
    }
}

#[test]
fn paths_that_axum_would_panic_on_are_an_error() {
    let error = App::new("Shop", shop())
        .mount(routes![item])
        .mount(routes![elsewhere::renamed])
        .into_router()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("/item/{number}") && error.contains("/item/{id}"),
        "{error}"
    );
}

#[test]
fn states_of_one_lock_that_began_apart_are_an_error() {
    #[derive(Clone, SharedState)]
    #[shared_state(lock = "ITEMS")]
    struct Sold;
    #[derive(Host)]
    struct OnlySold {
        sold: Shared<Sold>,
    }
    #[derive(Host)]
    struct Both {
        items: Shared<Items>,
        sold: Shared<Sold>,
    }
    let (items, sold) = (shop().items, Shared::new(Sold));
    let one = Shop {
        items: items.clone(),
    };
    let two = OnlySold { sold: sold.clone() };
    assert!(App::new("one", one).into_router().is_ok());
    assert!(App::new("two", two).into_router().is_ok());
    let error = App::new("both", Both { items, sold })
        .into_router()
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("Items, Sold share lock \"items\""),
        "{error}"
    );
}
