//! KR0027: a kept response with the tag of its commit (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/visit", etag, idempotent)]
#[locked("visits")]
fn visit(visits: &mut Visits) -> Json<u64> {
    visits.0 += 1;
    Json(visits.0)
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
