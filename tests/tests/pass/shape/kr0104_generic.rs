//! KR0104: a handler with concrete types calls the generic function.

use kr_runtime::prelude::*;

fn echo<T: serde::de::DeserializeOwned + Serialize>(Json(body): Json<T>) -> Json<T> {
    Json(body)
}

#[kr_route(post, "/echo")]
fn echo_text(body: Json<String>) -> Json<String> {
    echo(body)
}

fn main() {}
