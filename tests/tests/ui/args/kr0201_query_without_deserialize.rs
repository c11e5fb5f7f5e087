//! KR0201: the query's type cannot be read, before another argument (1 error)

use axum::extract::Query;
use kr_runtime::prelude::*;

struct Page {
    number: usize,
}

#[kr_route(post, "/page")]
fn page(Query(page): Query<Page>, body: String) -> String {
    body.repeat(page.number)
}

fn main() {}
