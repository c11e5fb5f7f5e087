//! Names of schemas and operations: unique, and the same in any order.

use crate::{document, document_of};
use kr_runtime::axum::extract::Query;
use kr_runtime::prelude::*;
use schemars::JsonSchema;
use serde_json::{Value, json};

mod orders {
    use super::{Deserialize, JsonSchema, Serialize};

    #[derive(Serialize, Deserialize, JsonSchema)]
    pub(super) struct Line {
        pub(super) order: u64,
    }
}

mod carts {
    use super::{Deserialize, JsonSchema, Serialize};

    #[derive(Serialize, Deserialize, JsonSchema)]
    pub(super) struct Line {
        pub(super) cart: String,
    }
}

/// Both are in it, so that neither is in a signature.
#[derive(Serialize, JsonSchema)]
struct Both {
    first: carts::Line,
    second: orders::Line,
}

/// The same the other way round.
#[derive(Serialize, JsonSchema)]
struct Turned {
    first: orders::Line,
    second: carts::Line,
}

#[kr_route(get, "/both")]
fn both() -> Json<Both> {
    let first = carts::Line {
        cart: String::new(),
    };
    let second = orders::Line { order: 1 };
    Json(Both { first, second })
}

#[kr_route(get, "/turned")]
fn turned() -> Json<Turned> {
    let second = carts::Line {
        cart: String::new(),
    };
    let first = orders::Line { order: 1 };
    Json(Turned { first, second })
}

#[kr_route(get, "/order")]
fn order() -> Json<orders::Line> {
    Json(orders::Line { order: 1 })
}

fn schemas(document: &Value) -> Vec<&str> {
    let schemas = document["components"]["schemas"].as_object().unwrap();
    schemas.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn types_of_one_name_have_their_modules_in_front_whatever_comes_first() {
    let one = document(routes![both, turned, order]).await;
    let other = document(routes![order, turned, both]).await;
    assert_eq!(one, other);
    assert_eq!(
        schemas(&one),
        ["Both", "Problem", "Turned", "carts_Line", "orders_Line"]
    );
    let properties = &one["components"]["schemas"]["Both"]["properties"];
    assert_eq!(
        properties["first"]["$ref"],
        "#/components/schemas/carts_Line"
    );
    let properties = &one["components"]["schemas"]["Turned"]["properties"];
    assert_eq!(
        properties["first"]["$ref"],
        "#/components/schemas/orders_Line"
    );
}

#[derive(Serialize, JsonSchema)]
struct Listed<T> {
    items: Vec<T>,
}

#[kr_route(get, "/orders")]
fn listed() -> Json<Listed<orders::Line>> {
    Json(Listed { items: Vec::new() })
}

#[tokio::test]
async fn a_generic_type_has_its_parameter_in_its_name() {
    assert_eq!(
        schemas(&document(routes![listed]).await),
        ["Line", "Listed_Line", "Problem"]
    );
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Setting {
    #[serde(default)]
    value: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Settings {
    all: Vec<Setting>,
}

#[kr_route(put, "/settings")]
fn set(Json(settings): Json<Settings>) -> Json<Settings> {
    Json(settings)
}

#[kr_route(put, "/order")]
fn set_order(Json(line): Json<orders::Line>) -> Json<orders::Line> {
    Json(line)
}

#[tokio::test]
async fn a_type_that_is_read_in_another_shape_than_it_is_written_has_two_schemas() {
    let document = document(routes![set, set_order]).await;
    assert_eq!(
        schemas(&document),
        [
            "Line",
            "Problem",
            "Setting",
            "Setting-Input",
            "Settings",
            "Settings-Input"
        ]
    );
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Setting"]["required"], json!(["value"]));
    assert_eq!(schemas["Setting-Input"]["required"], Value::Null);
    let items = &schemas["Settings-Input"]["properties"]["all"]["items"];
    assert_eq!(items["$ref"], "#/components/schemas/Setting-Input");
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Filter {
    cart: Option<u64>,
}

#[kr_route(get, "/filtered")]
fn filtered(Query(_): Query<Filter>) -> &'static str {
    ""
}

#[tokio::test]
async fn a_schema_that_nothing_refers_to_is_left_out() {
    assert_eq!(schemas(&document(routes![filtered]).await), ["Problem"]);
}

#[tokio::test]
async fn a_handler_that_is_mounted_twice_has_two_operations() {
    let app = App::new("Twice", crate::Empty {})
        .mount(routes![order])
        .mount_at("/api/v1", routes![order, set_order]);
    let document = document_of(app).await;
    let id = |path: &str, method: &str| document["paths"][path][method]["operationId"].clone();
    assert_eq!(id("/order", "get"), "order_get_order");
    assert_eq!(id("/api/v1/order", "get"), "order_get_api_v1_order");
    assert_eq!(id("/api/v1/order", "put"), "set_order");
}
