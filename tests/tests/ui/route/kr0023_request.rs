//! KR0023: a cached response that depends on the request (1 error)

use axum::extract::Query;
use kr_runtime::prelude::*;

#[kr_route(get, "/visits", cached)]
#[locked("visits")]
fn visits(visits: &Visits, Query(page): Query<Page>) -> Json<u64> {
    Json(visits.0.max(page.least))
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Deserialize)]
struct Page {
    least: u64,
}

fn main() {}
