//! KR0006: an option of a route with a value (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/visits", cached = true)]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
