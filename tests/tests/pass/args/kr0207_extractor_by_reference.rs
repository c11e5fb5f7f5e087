//! KR0207: the extractor by value.

use kr_runtime::prelude::*;

#[kr_route(post, "/next")]
fn next(number: Json<u64>) -> Json<u64> {
    Json(number.0 + 1)
}

fn main() {}
