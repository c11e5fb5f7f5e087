//! KR0204: a body in a request that has none (1 error)

use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Search {
    text: String,
}

#[kr_route(get, "/search")]
fn search(Json(search): Json<Search>) -> String {
    search.text
}

fn main() {}
