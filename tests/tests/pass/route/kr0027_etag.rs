//! KR0027: without `etag`.

use kr_runtime::prelude::*;

#[kr_route(post, "/visit", idempotent)]
#[locked("visits")]
fn visit(visits: &mut Visits) -> Json<u64> {
    visits.0 += 1;
    Json(visits.0)
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
