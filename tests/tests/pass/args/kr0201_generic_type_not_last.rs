//! KR0201: the argument, in an extractor.

use kr_runtime::axum::extract::Query;
use kr_runtime::axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Page<N> {
    from: N,
}

#[kr_route(get, "/notes")]
fn notes(page: Query<Page<u64>>, headers: HeaderMap) -> String {
    format!("from {}, {} headers", page.from, headers.len())
}

fn main() {}
