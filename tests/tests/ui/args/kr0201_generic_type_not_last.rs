//! KR0201: a generic type that is not an extractor, before another argument (1 error)

use kr_runtime::axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Page<N> {
    from: N,
}

#[kr_route(get, "/notes")]
fn notes(page: Page<u64>, headers: HeaderMap) -> String {
    format!("from {}, {} headers", page.from, headers.len())
}

fn main() {}
