//! KR0201: the argument, in an extractor.

use axum::extract::Query;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Page {
    number: u32,
}

#[kr_route(get, "/page")]
fn page(Query(page): Query<Page>) -> String {
    page.number.to_string()
}

fn main() {}
