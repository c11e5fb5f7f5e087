//! KR0201: the argument, in an extractor.

use axum::extract::Query;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Page {
    number: u32,
}

#[kr_route(post, "/page")]
fn page(Query(page): Query<Page>, body: String) -> String {
    body.repeat(page.number as usize)
}

fn main() {}
