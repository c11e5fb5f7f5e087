//! The document of an application's API: what it says of each handler, that it is a valid OpenAPI document, that a client which
//! draws requests from it finds nothing that it does not say, and the page that shows it.

#[path = "../live/browser.rs"]
mod browser;
mod examples;
#[path = "../store_faults/logged.rs"]
mod logged;
mod missing;
mod names;
mod page;
mod requests;
mod responses;
mod routes;
mod tools;

use kr_runtime::axum::Router;
use kr_runtime::axum::body::{Body, to_bytes};
use kr_runtime::axum::extract::Request;
use kr_runtime::axum::response::Response;
use kr_runtime::prelude::*;
use kr_runtime::{OpenApi, Routes};
use serde_json::Value;
use tower::ServiceExt;

#[derive(Host)]
struct Empty {}

/// What the application answers to a `GET`.
async fn get(router: Router, path: &str) -> Response {
    let request = Request::get(path).body(Body::empty()).unwrap();
    router.oneshot(request).await.unwrap()
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The document of an application.
async fn document_of<H: Host>(app: App<H>) -> Value {
    let router = app.openapi(OpenApi::new("1.0.0")).into_router().unwrap();
    let response = get(router, "/openapi.json").await;
    assert_eq!(response.status(), StatusCode::OK);
    serde_json::from_str(&text(response).await).unwrap()
}

/// The document of an application with these handlers alone.
async fn document(routes: Routes<Empty>) -> Value {
    document_of(App::new("Test", Empty {}).mount(routes)).await
}

/// What the document says of a handler.
async fn operation(routes: Routes<Empty>, method: &str, path: &str) -> Value {
    let mut document = document(routes).await;
    let operation = document["paths"][path][method].take();
    assert!(operation.is_object(), "{document:#}");
    operation
}
