//! KR0016: the query is an argument.

use axum::extract::Query;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Search {
    text: String,
}

#[kr_route(get, "/search")]
fn search(Query(query): Query<Search>) -> String {
    query.text
}

fn main() {}
