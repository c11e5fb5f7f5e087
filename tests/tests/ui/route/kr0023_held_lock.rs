//! KR0023: a cached response of a handler that takes its lock (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/visits", cached)]
#[locked("visits", exclusive)]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
