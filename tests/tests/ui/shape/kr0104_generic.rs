//! KR0104: a generic handler (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/echo")]
fn echo<T: serde::de::DeserializeOwned + Serialize>(Json(body): Json<T>) -> Json<T> {
    Json(body)
}

fn main() {}
