//! Which routes are in the document, where it is, and the locks.

use crate::{Empty, document_of, get, text};
use kr_runtime::axum::Router;
use kr_runtime::axum::routing::get as axum_get;
use kr_runtime::prelude::*;
use kr_runtime::{Error, Instances, OpenApi, SharedMap};
use serde_json::{Value, json};

#[kr_route(get, "/ping")]
fn ping() -> &'static str {
    "pong"
}

#[tokio::test]
async fn a_router_of_axum_is_served_and_not_in_the_document() {
    let version = Router::new().route("/version", axum_get(|| async { "1.0" }));
    let app = App::new("Ping", Empty {})
        .mount(routes![ping])
        .merge(version);
    let document = document_of(app).await;
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/ping"]);
}

#[tokio::test]
async fn the_document_says_what_the_application_and_its_api_are() {
    let api = OpenApi::new("2.1.0")
        .description("Pings.")
        .server("https://ping.example.org");
    let app = App::new("Ping", Empty {}).mount(routes![ping]).openapi(api);
    let response = get(app.into_router().unwrap(), "/openapi.json").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let document: Value = serde_json::from_str(&text(response).await).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(
        document["info"],
        json!({"title": "Ping", "version": "2.1.0", "description": "Pings."})
    );
    assert_eq!(
        document["servers"],
        json!([{"url": "https://ping.example.org"}])
    );
}

#[tokio::test]
async fn document_and_page_are_where_the_application_says() {
    let api = OpenApi::new("1")
        .document_at("/api/v1.json")
        .page_at("/api/pages/docs");
    let router = App::new("Ping", Empty {})
        .openapi(api)
        .into_router()
        .unwrap();
    assert_eq!(get(router.clone(), "/api/v1.json").await.status(), 200);
    let page = text(get(router.clone(), "/api/pages/docs").await).await;
    assert!(
        page.contains("data-document=\"../../api/v1.json\""),
        "{page}"
    );
    assert!(page.contains("src=\"docs/page.js\""), "{page}");
    assert_eq!(
        get(router.clone(), "/api/pages/docs/page.js")
            .await
            .status(),
        200
    );
    assert_eq!(get(router.clone(), "/docs").await.status(), 404);
    assert_eq!(get(router, "/openapi.json").await.status(), 404);
    let bare = App::new("Ping", Empty {}).openapi(OpenApi::new("1").without_page());
    let bare = bare.into_router().unwrap();
    assert_eq!(get(bare.clone(), "/openapi.json").await.status(), 200);
    assert_eq!(get(bare, "/docs").await.status(), 404);
}

#[test]
fn a_path_that_is_none_or_is_taken_is_an_error() {
    let errors = |app: App<Empty>| match app.into_router() {
        Err(Error::Configuration { errors, .. }) => errors.join("; "),
        other => panic!("{other:?}"),
    };
    let wrong = App::new("Ping", Empty {}).openapi(OpenApi::new("1").document_at("openapi.json"));
    assert!(errors(wrong).contains("`openapi.json` is no path for a document of the API"));
    let api = OpenApi::new("1").document_at("/ping");
    let taken = App::new("Ping", Empty {}).mount(routes![ping]).openapi(api);
    assert!(errors(taken).contains("/ping"));
}

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account(i64);

#[derive(Clone, SharedState)]
#[shared_state(lock = "log")]
struct Log(Vec<String>);

#[derive(Host)]
struct Bank {
    accounts: SharedMap<u64, Account>,
    log: Shared<Log>,
}

#[kr_route(post, "/pay/{id}")]
#[locked("account:{id}", "log")]
fn pay(id: u64, account: &mut Account, log: &mut Log) -> StatusCode {
    account.0 += 1;
    log.0.push(id.to_string());
    StatusCode::NO_CONTENT
}

#[kr_route(get, "/pay/{id}")]
#[locked("account:{id}")]
fn paid(id: u64, account: &Account) -> Json<i64> {
    let _ = id;
    Json(account.0)
}

#[kr_route(get, "/pay")]
#[locked("account:*")]
async fn all(accounts: &Instances<u64, Account>) -> Result<Json<usize>, Problem> {
    Ok(Json(accounts.page(None, 10).await?.entries.len()))
}

#[tokio::test]
async fn the_locks_of_a_handler_stand_beside_it_with_their_modes() {
    let bank = Bank {
        accounts: SharedMap::new(),
        log: Shared::new(Log(Vec::new())),
    };
    let document = document_of(App::new("Bank", bank).mount(routes![pay, paid, all])).await;
    let locks = |path: &str, method: &str| document["paths"][path][method]["x-kr-locks"].clone();
    assert_eq!(
        locks("/pay/{id}", "post"),
        json!([{"lock": "account:{id}", "mode": "exclusive"}, {"lock": "log", "mode": "exclusive"}])
    );
    assert_eq!(
        locks("/pay/{id}", "get"),
        json!([{"lock": "account:{id}", "mode": "read"}])
    );
    assert_eq!(
        locks("/pay", "get"),
        json!([{"lock": "account:*", "mode": "read"}])
    );
}
