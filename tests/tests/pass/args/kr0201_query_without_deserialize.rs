//! KR0201: the query's type derives `Deserialize`.

use axum::extract::Query;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Page {
    number: usize,
}

#[kr_route(post, "/page")]
fn page(Query(page): Query<Page>, body: String) -> String {
    body.repeat(page.number)
}

fn main() {}
