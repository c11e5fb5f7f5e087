//! What responses a handler has.

use crate::{document, document_of, operation};
use kr_runtime::axum::http::header;
use kr_runtime::axum::response::{Html, NoContent, Redirect, Response};
use kr_runtime::prelude::*;
use kr_runtime::{Timestamp, Update};
use schemars::JsonSchema;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Serialize, JsonSchema)]
struct Made {
    id: u64,
    at: Timestamp,
}

fn made() -> Made {
    Made {
        id: 1,
        at: Timestamp::now(),
    }
}

#[kr_route(get, "/json")]
fn json_value() -> Json<Made> {
    Json(made())
}

#[kr_route(get, "/text")]
fn text() -> &'static str {
    "text"
}

#[kr_route(get, "/html")]
fn html() -> Html<&'static str> {
    Html("<p>")
}

#[kr_route(get, "/bytes")]
fn bytes() -> Vec<u8> {
    vec![1]
}

#[kr_route(get, "/nothing")]
fn nothing() {}

#[kr_route(get, "/no-content")]
fn no_content() -> NoContent {
    NoContent
}

#[kr_route(get, "/redirect")]
fn redirect() -> Redirect {
    Redirect::to("/json")
}

#[kr_route(get, "/response")]
fn response() -> Response {
    "anything".into_response()
}

#[kr_route(get, "/opaque")]
fn opaque() -> impl IntoResponse {
    "anything"
}

#[kr_route(post, "/created")]
fn created() -> (StatusCode, Json<Made>) {
    (StatusCode::CREATED, Json(made()))
}

#[kr_route(post, "/status")]
fn status() -> StatusCode {
    match true {
        true => StatusCode::ACCEPTED,
        false => StatusCode::OK,
    }
}

#[kr_route(post, "/unknown-status")]
fn unknown_status() -> (StatusCode, String) {
    let status = created().0;
    (status, String::new())
}

#[kr_route(get, "/script")]
fn script() -> ([(header::HeaderName, &'static str); 1], &'static str) {
    ([(header::CONTENT_TYPE, "text/javascript")], "")
}

type Answer = Result<Json<Made>, Problem>;

#[kr_route(post, "/aliased")]
fn aliased() -> Answer {
    Err(Problem::conflict("never"))
}

#[tokio::test]
async fn output_has_the_status_and_the_content_of_its_type() {
    let document = document(routes![
        json_value,
        text,
        html,
        bytes,
        nothing,
        no_content,
        redirect,
        response,
        opaque,
        created,
        status,
        unknown_status,
        script,
        aliased
    ])
    .await;
    let own = |method: &str, path: &str| -> Vec<(String, Value)> {
        let responses = document["paths"][path][method]["responses"]
            .as_object()
            .unwrap();
        let own = responses.iter().filter(|(status, _)| *status != "500");
        own.map(|(status, response)| (status.clone(), response["content"].clone()))
            .collect()
    };
    let one = |status: &str, content: Value| vec![(status.to_owned(), content)];
    let made = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Made"}}});
    let string = json!({"schema": {"type": "string"}});
    assert_eq!(own("get", "/json"), one("200", made.clone()));
    assert_eq!(
        own("get", "/text"),
        one("200", json!({"text/plain": string}))
    );
    assert_eq!(
        own("get", "/html"),
        one("200", json!({"text/html": string}))
    );
    assert_eq!(
        own("get", "/bytes"),
        one("200", json!({"application/octet-stream": {"schema": {}}}))
    );
    assert_eq!(own("get", "/nothing"), one("200", Value::Null));
    assert_eq!(own("get", "/no-content"), one("204", Value::Null));
    assert_eq!(own("get", "/redirect"), one("3XX", Value::Null));
    assert_eq!(own("get", "/response"), one("default", Value::Null));
    assert_eq!(own("get", "/opaque"), one("default", Value::Null));
    assert_eq!(own("post", "/created"), one("201", made.clone()));
    assert_eq!(
        own("post", "/status"),
        [
            ("200".to_owned(), Value::Null),
            ("202".to_owned(), Value::Null)
        ]
    );
    assert_eq!(
        own("post", "/unknown-status"),
        one("2XX", json!({"text/plain": string}))
    );
    assert_eq!(own("get", "/script"), one("200", Value::Null));
    let problem =
        json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
    assert_eq!(
        own("post", "/aliased"),
        [
            ("200".to_owned(), made),
            ("409".to_owned(), problem.clone()),
            ("default".to_owned(), problem),
        ]
    );
    let schema = &document["components"]["schemas"]["Made"];
    assert_eq!(
        schema["properties"]["at"],
        json!({"type": "string", "format": "date-time"})
    );
}

#[kr_route(post, "/length")]
fn length(body: String) -> Result<Json<usize>, Problem> {
    match body.len() {
        0 => Err(Problem::new(StatusCode::IM_A_TEAPOT, "nothing")),
        length => Ok(Json(length)),
    }
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(get, "/visits")]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}

#[kr_route(post, "/visits")]
#[locked("visits")]
fn visit(visits: &mut Visits) -> Update<Json<u64>> {
    visits.0 += 1;
    Update::Changed(Json(visits.0))
}

fn statuses(operation: &Value) -> Vec<&str> {
    let responses = operation["responses"].as_object().unwrap();
    responses.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn refusals_are_those_that_can_happen() {
    let pinged = operation(routes![text], "get", "/text").await;
    assert_eq!(statuses(&pinged), ["200", "500"]);
    let length = operation(routes![length], "post", "/length").await;
    assert_eq!(
        statuses(&length),
        ["200", "400", "413", "418", "500", "default"]
    );
    let site = || Site {
        visits: Shared::new(Visits(0)),
    };
    let of_site = |app: App<Site>| async {
        let document = document_of(app.mount(routes![visits, visit])).await;
        document["paths"]["/visits"].clone()
    };
    let plain = of_site(App::new("Site", site())).await;
    assert_eq!(statuses(&plain["get"]), ["200", "500", "503"]);
    assert_eq!(statuses(&plain["post"]), ["200", "500", "503"]);
    let strict = App::new("Site", site())
        .same_site()
        .allowed_hosts(["localhost"]);
    let strict = strict
        .openapi(kr_runtime::OpenApi::new("1"))
        .mount(routes![visits, visit]);
    let router = strict.into_router().unwrap();
    let request =
        kr_runtime::axum::extract::Request::get("/openapi.json").header("host", "localhost");
    let request = request.body(kr_runtime::axum::body::Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(router, request).await.unwrap();
    let strict: Value = serde_json::from_str(&crate::text(response).await).unwrap();
    let strict = &strict["paths"]["/visits"];
    assert_eq!(statuses(&strict["get"]), ["200", "421", "500", "503"]);
    assert_eq!(
        statuses(&strict["post"]),
        ["200", "403", "421", "500", "503"]
    );
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Shape {
    Circle { radius: f64 },
    Square { side: f64 },
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Either {
    Number(i64),
    Text(String),
}

#[derive(Serialize, JsonSchema)]
struct Drawing {
    #[serde(flatten)]
    shape: Shape,
    either: Either,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(flatten)]
    more: BTreeMap<String, u8>,
}

#[kr_route(get, "/drawing")]
fn drawing() -> Json<Drawing> {
    Json(Drawing {
        shape: match true {
            true => Shape::Circle { radius: 1.0 },
            false => Shape::Square { side: 1.0 },
        },
        either: match true {
            true => Either::Number(1),
            false => Either::Text(String::new()),
        },
        note: None,
        more: BTreeMap::new(),
    })
}

#[tokio::test]
async fn enums_that_are_flattened_or_untagged_keep_their_alternatives() {
    let document = document(routes![drawing]).await;
    let schemas = &document["components"]["schemas"];
    let drawing = &schemas["Drawing"];
    assert_eq!(drawing["oneOf"].as_array().unwrap().len(), 2, "{drawing:#}");
    assert_eq!(drawing["required"], json!(["either"]));
    let either = &schemas["Either"];
    assert_eq!(either["anyOf"].as_array().unwrap().len(), 2, "{either:#}");
    assert!(!document.to_string().contains("nullable"));
}

/// Two lines
/// of a summary. And more.
///
/// A list.
#[kr_route(get, "/said")]
fn said() -> &'static str {
    "said"
}

#[tokio::test]
async fn a_doc_comment_is_summary_and_description() {
    let said = operation(routes![said], "get", "/said").await;
    assert_eq!(said["summary"], "Two lines of a summary");
    assert_eq!(
        said["description"],
        "Two lines\nof a summary. And more.\n\nA list."
    );
    let text = operation(routes![text], "get", "/text").await;
    assert_eq!(text["summary"], Value::Null);
}
