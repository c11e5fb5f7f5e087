//! KR0204: a body in a request that can have one.

use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Search {
    text: String,
}

#[kr_route(post, "/search")]
fn search(Json(search): Json<Search>) -> String {
    search.text
}

fn main() {}
