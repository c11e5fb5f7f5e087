//! Keyed states as resources: an instance may be there or not, and handlers look it up, make it, replace it and remove it.

use http::StatusCode;
use kr_runtime::prelude::*;
use kr_runtime::{Instances, KeyWriter, LockKey, SharedMap};
use kr_tests::{Client, serve};
use serde_json::json;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "product:{id}")]
struct Product {
    price: u32,
}

/// Under the same lock as the product of its key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, SharedState)]
#[shared_state(lock = "product:{id}")]
struct Reviews(Vec<String>);

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "changes")]
struct Changes(u32);

#[derive(Clone, Host)]
struct Shop {
    products: SharedMap<u64, Product>,
    reviews: SharedMap<u64, Reviews>,
    changes: Shared<Changes>,
}

#[kr_route(get, "/products/{id}")]
#[locked("product:{id}")]
fn show(id: u64, product: Option<&Product>) -> Result<Json<&Product>, Problem> {
    let missing = || Problem::not_found(format!("there is no product {id}"));
    product.map(Json).ok_or_else(missing)
}

#[kr_route(put, "/products/{id}")]
#[locked("product:{id}")]
fn put(_id: u64, product: &mut Option<Product>, Json(new): Json<Product>) -> StatusCode {
    match product.replace(new) {
        None => StatusCode::CREATED,
        Some(_) => StatusCode::OK,
    }
}

#[kr_route(delete, "/products/{id}")]
#[locked("product:{id}", "changes")]
fn remove(_id: u64, product: &mut Option<Product>, changes: &mut Changes) -> StatusCode {
    changes.0 += 1;
    match product.take() {
        Some(_) => StatusCode::NO_CONTENT,
        None => StatusCode::NOT_FOUND,
    }
}

/// Takes the product, and fails if it was free.
#[kr_route(post, "/products/{id}/sell")]
#[locked("product:{id}")]
fn sell(_id: u64, product: &mut Option<Product>) -> Result<Json<u32>, Problem> {
    match product.take() {
        Some(Product { price: 0 }) => Err(Problem::conflict("it is free")),
        Some(product) => Ok(Json(product.price)),
        None => Err(Problem::not_found("there is none")),
    }
}

#[kr_route(post, "/products/{id}/slowly")]
#[locked("product:{id}")]
async fn slowly(_id: u64, product: &mut Option<Product>) -> StatusCode {
    tokio::task::yield_now().await;
    product.get_or_insert_default().price += 1;
    StatusCode::OK
}

#[kr_route(post, "/products/{id}/reviews")]
#[locked("product:{id}")]
fn review(
    _id: u64,
    product: Option<&Product>,
    reviews: &mut Reviews,
    text: String,
) -> Result<Json<usize>, Problem> {
    product.ok_or(Problem::not_found("there is no such product"))?;
    reviews.0.push(text);
    Ok(Json(reviews.0.len()))
}

/// Lists two products, and counts all.
#[kr_route(get, "/list/{id}")]
#[locked(" Product:* ")]
async fn list(
    id: u64,
    products: &Instances<u64, Product>,
) -> Result<Json<(usize, Vec<u64>, Option<u64>)>, Problem> {
    let page = products.page(Some(&id), 2).await?;
    let keys = page.entries.iter().map(|(key, _)| *key).collect();
    Ok(Json((products.len().await?, keys, page.next)))
}

impl Shop {
    async fn start() -> (Self, Client) {
        let shop = Self {
            products: SharedMap::new(),
            reviews: SharedMap::new(),
            changes: Shared::new(Changes(0)),
        };
        let app = App::new("Shop", shop.clone())
            .mount(routes![list, show, put, remove, sell, slowly, review]);
        let client = Client::connect(serve(app.into_router().unwrap()).await).await;
        (shop, client)
    }
}

#[tokio::test]
async fn what_is_not_there_is_none_and_stays_so() {
    let (shop, mut client) = Shop::start().await;
    let missing = client.get("/products/1").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(missing.json()["detail"], "there is no product 1");
    let nothing = client.delete("/products/1").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    assert!(shop.products.is_empty().await.unwrap());
    assert!(shop.products.locks().is_empty());
    assert_eq!(shop.products.read(&1).await.unwrap().revision(), 0);
}

#[tokio::test]
async fn an_instance_is_made_replaced_and_removed() {
    let (shop, mut client) = Shop::start().await;
    let product = |price| json!({ "price": price });
    let made = client.put_json("/products/1", &product(3)).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let replaced = client.put_json("/products/1", &product(4)).await;
    assert_eq!(replaced.status, StatusCode::OK);
    assert_eq!(client.get("/products/1").await.json(), product(4));
    assert_eq!(shop.products.read(&1).await.unwrap().revision(), 2);

    let removed = client.delete("/products/1").await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert!(shop.products.get(&1).await.unwrap().is_none());
    assert!(shop.products.locks().is_empty());
    // The removal was a commit, too, and its revision is not used again.
    client.put_json("/products/1", &product(5)).await;
    assert_eq!(shop.products.read(&1).await.unwrap().revision(), 4);
}

#[tokio::test]
async fn a_call_that_leaves_none_where_there_was_none_commits_its_other_states_alone() {
    let (shop, mut client) = Shop::start().await;
    client.delete("/products/1").await;
    assert_eq!(shop.read::<Changes>().await.unwrap().0, 1);
    assert!(shop.products.is_empty().await.unwrap());
    // The key's revisions have not begun.
    client.put_json("/products/1", &json!({ "price": 1 })).await;
    assert_eq!(shop.products.read(&1).await.unwrap().revision(), 1);
}

#[tokio::test]
async fn an_error_leaves_the_instance_that_was_taken() {
    let (shop, mut client) = Shop::start().await;
    client.put_json("/products/1", &json!({ "price": 0 })).await;
    let refused = client.post("/products/1/sell").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(shop.products.read(&1).await.unwrap().revision(), 1);
    assert_eq!(
        client.post("/products/2/sell").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(shop.products.keys().await.unwrap(), [1]);
}

#[tokio::test]
async fn an_async_handler_makes_an_instance() {
    let (shop, mut client) = Shop::start().await;
    client.post("/products/7/slowly").await;
    client.post("/products/7/slowly").await;
    assert_eq!(shop.products.read(&7).await.unwrap().price, 2);
}

#[tokio::test]
async fn the_states_of_a_key_come_and_go_together() {
    let (shop, mut client) = Shop::start().await;
    let early = client.post("/products/1/reviews").await;
    assert_eq!(early.status, StatusCode::NOT_FOUND);
    client.put_json("/products/1", &json!({ "price": 1 })).await;
    assert_eq!(shop.reviews.keys().await.unwrap(), [1]);
    client.post("/products/1/reviews").await;
    assert_eq!(shop.reviews.read(&1).await.unwrap().0.len(), 1);
    client.delete("/products/1").await;
    assert!(shop.reviews.get(&1).await.unwrap().is_none());
    client.put_json("/products/1", &json!({ "price": 1 })).await;
    assert!(shop.reviews.read(&1).await.unwrap().0.is_empty());
}

#[test]
fn a_unit_test_calls_the_handlers() {
    let mut product = None;
    assert_eq!(
        put(1, &mut product, Json(Product { price: 2 })),
        StatusCode::CREATED
    );
    assert_eq!(show(1, product.as_ref()).unwrap().0.price, 2);
    assert_eq!(sell(1, &mut product).unwrap().0, 2);
    assert_eq!(product, None);
    assert!(sell(1, &mut Some(Product { price: 0 })).is_err());
}

#[tokio::test]
async fn instances_are_listed_in_pages_in_the_order_of_their_keys() {
    let (shop, mut client) = Shop::start().await;
    for id in [30, 4, 100, 2] {
        client
            .put_json(&format!("/products/{id}"), &json!({ "price": 1 }))
            .await;
    }
    let first = client.get("/list/0").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    assert_eq!(first.json(), json!([4, [2, 4], 4]));
    let second = client.get("/list/4").await;
    assert_eq!(second.json(), json!([4, [30, 100], null]));
    client.delete("/products/30").await;
    let third = client.get("/list/3").await;
    assert_eq!(third.json(), json!([3, [4, 100], null]));
    assert_eq!(shop.products.keys().await.unwrap(), [2, 4, 100]);
    // Who asks for pages of none gets to the end as well.
    let page = shop.products.page(None, 0).await.unwrap();
    assert_eq!((page.entries.len(), page.next), (1, Some(2)));
    let page = shop.products.page(Some(&4), 0).await.unwrap();
    assert_eq!((page.entries.len(), page.next), (1, None));
}

#[tokio::test]
async fn a_unit_test_calls_a_handler_that_lists() {
    let products = SharedMap::new();
    products.replace(&5, Product { price: 1 }).await.unwrap();
    let Json((count, keys, next)) = list(0, &products.instances()).await.unwrap();
    assert_eq!((count, keys, next), (1, vec![5], None));
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, LockKey)]
struct Number(u64);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Word(&'static str);

impl LockKey for Word {
    fn write_to(&self, text: &mut KeyWriter<'_>) {
        text.part(self.0);
    }
}

#[test]
fn keys_are_compared_as_values_and_those_of_ones_own_as_texts() {
    assert!(Number(9).compare(&Number(10)).is_lt());
    assert!((1, "b".to_owned()).compare(&(1, "a".to_owned())).is_gt());
    assert!(Word("b").compare(&Word("a")).is_gt());
}
