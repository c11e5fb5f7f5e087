//! KR0027: a kept response without a commit (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/visits", idempotent)]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
