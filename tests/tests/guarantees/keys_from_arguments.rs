//! Keys that come from any extracted argument, and several instances of one state.

use axum::extract::Query;
use http::{Method, StatusCode};
use kr_runtime::SharedMap;
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use serde_json::json;

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account(i64);

#[derive(Clone, Host)]
struct Bank {
    accounts: SharedMap<String, Account>,
}

#[derive(Deserialize)]
struct Owner {
    id: String,
}

#[derive(Deserialize)]
struct Wanted {
    owner: Owner,
    amount: i64,
}

#[kr_route(post, "/pay")]
#[locked("account:{wanted.owner.id}")]
fn pay(account: &mut Account, Json(wanted): Json<Wanted>) -> Json<i64> {
    account.0 += wanted.amount;
    Json(account.0)
}

#[kr_route(get, "/balance")]
#[locked("account:{owner.id}")]
fn balance(Query(owner): Query<Owner>, account: Option<&Account>) -> Json<Option<i64>> {
    let _ = owner.id;
    Json(account.map(|account| account.0))
}

/// The whole body is the key.
#[kr_route(post, "/close")]
#[locked("account:{id}")]
fn close(account: &mut Option<Account>, id: String) -> (StatusCode, String) {
    match account.take() {
        Some(_) => (StatusCode::OK, id),
        None => (StatusCode::NOT_FOUND, id),
    }
}

#[derive(Deserialize)]
struct Pair {
    from: String,
    to: String,
}

#[kr_route(post, "/move")]
#[locked(from = "account:{pair.from}", to = "account:{pair.to}")]
fn all(to: &mut Account, from: &mut Option<Account>, Json(pair): Json<Pair>) -> StatusCode {
    let _ = (pair.from, pair.to);
    to.0 += from.take().map_or(0, |from| from.0);
    StatusCode::OK
}

#[kr_route(get, "/compare/{left}/{right}")]
#[locked(one = "account:{left}", other = "account:{right}")]
fn compare(left: String, right: String, one: &Account, other: Option<&Account>) -> Json<bool> {
    let _ = (left, right);
    Json(Some(one.0) == other.map(|other| other.0))
}

impl Bank {
    async fn start() -> (Self, Client) {
        let bank = Self {
            accounts: SharedMap::new(),
        };
        let app = App::new("Bank", bank.clone()).mount(routes![pay, balance, close, all, compare]);
        let client = Client::connect(serve(app.into_router().unwrap()).await).await;
        (bank, client)
    }
}

#[tokio::test]
async fn a_key_is_a_field_of_the_body_or_of_the_query_or_an_argument_itself() {
    let (bank, mut client) = Bank::start().await;
    let body = json!({ "owner": { "id": "ann" }, "amount": 5 });
    assert_eq!(client.post_json("/pay", &body).await.json(), 5);
    assert_eq!(client.get("/balance?id=ann").await.json(), 5);
    assert_eq!(client.get("/balance?id=bob").await.json(), json!(null));
    let closed = client.send(Method::POST, "/close", Some("text/plain"), "ann");
    assert_eq!(closed.await.status, StatusCode::OK);
    assert!(bank.accounts.is_empty().await.unwrap());
}

#[tokio::test]
async fn several_instances_are_bound_by_the_names_of_their_arguments() {
    let (bank, mut client) = Bank::start().await;
    for (id, amount) in [("ann", 5), ("bob", 1)] {
        let body = json!({ "owner": { "id": id }, "amount": amount });
        client.post_json("/pay", &body).await;
    }
    assert_eq!(client.get("/compare/ann/bob").await.json(), false);
    let pair = json!({ "from": "ann", "to": "bob" });
    let moved = client.post_json("/move", &pair).await;
    assert_eq!(moved.status, StatusCode::OK);
    assert_eq!(bank.accounts.keys().await.unwrap(), ["bob"]);
    assert_eq!(bank.accounts.read(&"bob".into()).await.unwrap().0, 6);
}

#[tokio::test]
async fn the_same_instance_twice_is_a_bad_request_that_names_it() {
    let (bank, mut client) = Bank::start().await;
    let pair = json!({ "from": "ann", "to": "ann" });
    let changed = client.post_json("/move", &pair).await;
    let read = client.get("/compare/ann/ann").await;
    for refused in [changed, read] {
        assert_eq!(
            refused.problem(StatusCode::BAD_REQUEST),
            "\"account:ann\" is named twice, and two different ones are needed"
        );
        assert_eq!(refused.json()["lock"], "account:ann");
    }
    assert!(bank.accounts.locks().is_empty());
}

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "shelf:{id}")]
struct Shelf(u64);

#[derive(Clone, Host)]
struct Store {
    accounts: SharedMap<String, Account>,
    shelves: SharedMap<u64, Shelf>,
}

#[derive(Deserialize)]
struct Order {
    account: u64,
    name: String,
    shelf: u64,
}

#[kr_route(post, "/buy")]
#[locked("account:{order.account}", "shelf:{order.shelf}")]
fn buy(account: &mut Account, shelf: &mut Shelf, order: Json<Order>) {
    account.0 -= 1;
    shelf.0 -= order.shelf;
}

#[kr_route(post, "/sell")]
#[locked("account:{order.name}", "shelf:{order.shelf}")]
fn sell(account: &mut Account, shelf: &mut Shelf, order: Json<Order>) {
    account.0 += 1;
    shelf.0 += order.shelf;
}

/// The part of an argument has a type without a name, so the compiler cannot compare it; the application does not start.
#[test]
fn a_key_of_another_type_is_a_configuration_error_with_several_keys() {
    let store = || Store {
        accounts: SharedMap::new(),
        shelves: SharedMap::new(),
    };
    let app = App::new("Store", store()).mount(routes![buy]);
    let error = app.into_router().unwrap_err().to_string();
    assert!(
        error.contains("`buy` finds `Account` by a key of type `u64`"),
        "{error}"
    );
    let app = App::new("Store", store()).mount(routes![sell]);
    assert!(app.into_router().is_ok());
}

#[derive(Deserialize)]
struct Gift {
    to: String,
}

/// One key is a capture of the path, the other a field of the body.
#[kr_route(post, "/give/{id}")]
#[locked(from = "account:{id}", to = "account:{gift.to}")]
fn give(
    from: &mut Account,
    to: &mut Option<Account>,
    id: String,
    gift: Json<Gift>,
) -> Json<[i64; 2]> {
    let _ = (id, gift);
    from.0 -= 1;
    let to = to.get_or_insert_default();
    to.0 += 1;
    Json([from.0, to.0])
}

#[tokio::test]
async fn a_capture_and_a_field_are_the_keys_of_two_instances() {
    let bank = Bank {
        accounts: SharedMap::new(),
    };
    let app = App::new("Bank", bank).mount(routes![give]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    for expected in [[-1, 1], [-2, 2]] {
        let response = client.post_json("/give/a", &json!({ "to": "b" })).await;
        assert_eq!(response.json(), json!(expected));
    }
}
