//! KR0023: a cached response that depends on the path (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/visits/{least}", cached)]
#[locked("visits")]
fn visits(visits: &Visits, least: u64) -> Json<u64> {
    Json(visits.0.max(least))
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
