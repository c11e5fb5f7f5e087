//! KR0026: on the workers.

use kr_runtime::prelude::*;

#[kr_route(get, "/visits", live)]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
