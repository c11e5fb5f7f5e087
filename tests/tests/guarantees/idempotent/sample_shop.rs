//! The site of these tests.

use http::Method;
use kr_runtime::axum::body::Body;
use kr_runtime::axum::http::header;
use kr_runtime::axum::response::Response;
use kr_runtime::prelude::*;
use kr_runtime::{Idempotency, SharedMap, Store, Volatile};
use kr_tests::{Client, Response as Received, serve};
use std::net::SocketAddr;
use tokio::sync::Semaphore;

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "sold")]
pub(super) struct Sold(u64);

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "stock")]
pub(super) struct Stock(u64);

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
pub(super) struct Account(u64);

#[derive(Clone, Host)]
pub(super) struct Shop {
    sold: Shared<Sold>,
    stock: Shared<Stock>,
    accounts: SharedMap<u64, Account>,
}

/// What async handlers wait for.
pub(super) static PERMITS: Semaphore = Semaphore::const_new(0);

#[kr_route(post, "/plain", idempotent)]
#[locked("sold")]
fn plain(sold: &mut Sold, note: String) -> Result<Json<u64>, Problem> {
    sold.0 += 1;
    match note.as_str() {
        "panic" => panic!("as the client asks"),
        "refuse" => Err(Problem::conflict("as the client asks")),
        _ => Ok(Json(sold.0)),
    }
}

#[kr_route(post, "/async", idempotent)]
#[locked("sold")]
async fn in_time(sold: &mut Sold) -> Json<u64> {
    tokio::task::yield_now().await;
    sold.0 += 1;
    Json(sold.0)
}

#[kr_route(post, "/waits", idempotent)]
#[locked("sold")]
async fn waits(sold: &mut Sold) -> Json<u64> {
    PERMITS.acquire().await.unwrap().forget();
    sold.0 += 1;
    Json(sold.0)
}

#[kr_route(post, "/blocking", idempotent, blocking)]
#[locked("sold")]
fn off_the_workers(sold: &mut Sold) -> Json<u64> {
    sold.0 += 1;
    Json(sold.0)
}

#[kr_route(post, "/two", idempotent)]
#[locked("sold", "stock")]
fn two(sold: &mut Sold, stock: &mut Stock) -> Json<(u64, u64)> {
    sold.0 += 1;
    stock.0 += 10;
    Json((sold.0, stock.0))
}

#[kr_route(post, "/accounts/{id}", idempotent)]
#[locked("account:{id}")]
fn deposit(id: u64, account: &mut Account) -> Json<(u64, u64)> {
    account.0 += 1;
    Json((id, account.0))
}

#[kr_route(delete, "/accounts/{id}", idempotent)]
#[locked("account:{id}")]
fn close(_id: u64, account: &mut Option<Account>) -> Json<bool> {
    Json(account.take().is_some())
}

/// The response that the client describes, after a change.
#[kr_route(post, "/any/{kind}", idempotent)]
#[locked("sold")]
fn any(sold: &mut Sold, kind: String) -> Response {
    sold.0 += 1;
    match kind.as_str() {
        "headers" => (
            StatusCode::CREATED,
            [
                (header::LOCATION, "/sold/1"),
                (header::ETAG, "\"7\""),
                (header::CONTENT_TYPE, "text/special"),
                (header::SET_COOKIE, "session=1"),
                (header::DATE, "Thu, 01 Jan 1970 00:00:00 GMT"),
            ],
            "made",
        )
            .into_response(),
        "stream" => Body::new(Body::from_stream(Chunks::default())).into_response(),
        "long" => "x".repeat(2000).into_response(),
        "5xx" => (StatusCode::BAD_GATEWAY, "try again").into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

#[kr_route(get, "/sold")]
#[locked("sold")]
fn sold(sold: &Sold) -> Json<u64> {
    Json(sold.0)
}

/// A body of unknown length.
#[derive(Default)]
pub(super) struct Chunks(bool);

impl futures_util::Stream for Chunks {
    type Item = Result<&'static str, std::io::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let is_first = !std::mem::replace(&mut self.0, true);
        std::task::Poll::Ready(is_first.then_some(Ok("a chunk")))
    }
}

pub(super) async fn start_with(store: Store<Volatile>, idempotency: Idempotency) -> SocketAddr {
    let shop = Shop {
        sold: Shared::new(Sold(0)),
        stock: Shared::new(Stock(0)),
        accounts: SharedMap::new(),
    };
    let app = App::new("Shop", shop)
        .store(store)
        .idempotency(idempotency)
        .mount(routes![
            plain,
            in_time,
            waits,
            off_the_workers,
            two,
            deposit,
            close,
            any,
            sold
        ]);
    serve(app.into_router().unwrap()).await
}

pub(super) async fn start() -> Client {
    Client::connect(start_with(Store::memory(), Idempotency::new()).await).await
}

pub(super) async fn post(
    client: &mut Client,
    path: &str,
    key: &str,
    body: &'static str,
) -> Received {
    let headers = [("idempotency-key", key)];
    client.send_with(Method::POST, path, &headers, body).await
}

pub(super) async fn count(client: &mut Client) -> u64 {
    client.get("/sold").await.json().as_u64().unwrap()
}

pub(super) fn is_replay(response: &Received) -> bool {
    response.header("idempotent-replayed") == "true"
}
