//! What fails after the commit: the change stays, and the response says so.

use http::StatusCode;
use kr_runtime::axum::response::{IntoResponse, Response};
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use serde::{Serializer, ser::Error as _};

/// Dropping one that is marked panics.
#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "fragile")]
struct Fragile {
    visits: u32,
    panics_on_drop: bool,
}

impl Drop for Fragile {
    fn drop(&mut self) {
        assert!(!self.panics_on_drop || std::thread::panicking(), "secret");
    }
}

#[derive(Host, Clone)]
struct Site {
    fragile: Shared<Fragile>,
}

struct PanickingResponse;

impl IntoResponse for PanickingResponse {
    fn into_response(self) -> Response {
        panic!("secret")
    }
}

struct NotSerializable;

impl Serialize for NotSerializable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("secret"))
    }
}

#[kr_route(post, "/panicking")]
#[locked("fragile")]
fn panicking(fragile: &mut Fragile) -> PanickingResponse {
    fragile.visits += 1;
    PanickingResponse
}

#[kr_route(post, "/panicking-slowly")]
#[locked("fragile")]
async fn panicking_slowly(fragile: &mut Fragile) -> PanickingResponse {
    tokio::task::yield_now().await;
    fragile.visits += 1;
    PanickingResponse
}

#[kr_route(post, "/not-serializable")]
#[locked("fragile")]
fn not_serializable(fragile: &mut Fragile) -> Json<NotSerializable> {
    fragile.visits += 1;
    Json(NotSerializable)
}

#[kr_route(post, "/rolled-back")]
#[locked("fragile")]
fn rolled_back(fragile: &mut Fragile) -> Result<(), PanickingResponse> {
    fragile.visits += 1;
    Err(PanickingResponse)
}

#[kr_route(post, "/mark")]
#[locked("fragile")]
fn mark(fragile: &mut Fragile) {
    fragile.panics_on_drop = true;
}

#[kr_route(post, "/unmark")]
#[locked("fragile")]
fn unmark(fragile: &mut Fragile) {
    fragile.visits += 1;
    fragile.panics_on_drop = false;
}

async fn start() -> (Site, Client) {
    let site = Site {
        fragile: Shared::new(Fragile::default()),
    };
    let routes = routes![
        panicking,
        panicking_slowly,
        not_serializable,
        rolled_back,
        mark,
        unmark,
    ];
    let app = App::new("fragile", site.clone()).mount(routes);
    let address = serve(app.into_router().unwrap()).await;
    (site, Client::connect(address).await)
}

async fn assert_kept(path: &str) {
    let (site, mut client) = start().await;
    let response = client.post(path).await;
    let detail = response.problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        detail,
        "the change was made, but its response could not be; look before you try again"
    );
    assert!(!response.text().contains("secret"));
    let fragile = site.latest::<Fragile>().unwrap();
    assert_eq!((fragile.visits, fragile.revision()), (1, 1));
    assert_eq!(client.post("/unmark").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_response_that_panics_says_that_the_change_was_made() {
    assert_kept("/panicking").await;
}

#[tokio::test]
async fn a_response_of_an_async_handler_that_panics_says_that_the_change_was_made() {
    assert_kept("/panicking-slowly").await;
}

#[tokio::test]
async fn an_output_that_cannot_be_written_says_that_the_change_was_made() {
    assert_kept("/not-serializable").await;
}

#[tokio::test]
async fn an_error_response_that_panics_does_not_say_that_a_change_was_made() {
    let (site, mut client) = start().await;
    let response = client.post("/rolled-back").await;
    let detail = response.problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
    assert_eq!(site.latest::<Fragile>().unwrap().visits, 0);
}

#[tokio::test]
async fn a_panic_while_a_replaced_value_is_freed_says_that_the_change_was_made() {
    let (site, mut client) = start().await;
    client.post("/mark").await;
    let response = client.post("/unmark").await;
    let detail = response.problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert!(detail.starts_with("the change was made"), "{detail}");
    assert_eq!(site.latest::<Fragile>().unwrap().visits, 1);
    assert_eq!(client.post("/unmark").await.status, StatusCode::OK);
}
