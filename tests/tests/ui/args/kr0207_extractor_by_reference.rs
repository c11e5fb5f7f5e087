//! KR0207: an extractor by reference (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/next")]
#[locked("numbers")]
fn next(number: &mut Json<u64>) -> Json<u64> {
    Json(number.0 + 1)
}

fn main() {}
