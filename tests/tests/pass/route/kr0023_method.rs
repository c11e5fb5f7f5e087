//! KR0023: a route of its own for the response that can be cached.

use kr_runtime::prelude::*;

#[kr_route(get, "/visits", cached)]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
