//! KR0220: a query that may be missing (1 error)

use kr_runtime::axum::extract::Query;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Page {
    from: u64,
}

#[kr_route(get, "/notes")]
fn notes(page: Option<Query<Page>>) -> String {
    format!("from {}", page.map_or(0, |page| page.from))
}

fn main() {}
