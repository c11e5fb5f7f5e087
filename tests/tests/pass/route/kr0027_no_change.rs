//! KR0027: with `&mut`.

use kr_runtime::prelude::*;

#[kr_route(post, "/visits", idempotent)]
#[locked("visits")]
fn visits(visits: &mut Visits) -> Json<u64> {
    Json(visits.0)
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
