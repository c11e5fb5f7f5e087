//! KR0007: an option of a route given twice (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/visits", cached, cached)]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
