//! KR0026: a followed response in a thread of its own (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/visits", live, blocking)]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
