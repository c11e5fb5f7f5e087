//! KR0220: a query or its rejection.

use kr_runtime::axum::extract::Query;
use kr_runtime::axum::extract::rejection::QueryRejection;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Page {
    from: u64,
}

#[kr_route(get, "/notes")]
fn notes(page: Result<Query<Page>, QueryRejection>) -> String {
    format!("from {}", page.map_or(0, |page| page.from))
}

fn main() {}
