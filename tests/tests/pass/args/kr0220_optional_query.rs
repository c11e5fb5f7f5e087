//! KR0220: a query whose fields may be missing.

use kr_runtime::axum::extract::Query;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Page {
    from: Option<u64>,
}

#[kr_route(get, "/notes")]
fn notes(page: Query<Page>) -> String {
    format!("from {}", page.from.unwrap_or(0))
}

fn main() {}
