//! KR0320: a read.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(get, "/visits")]
#[locked("visits", stale = "200ms")]
fn visits(visits: &Visits) -> Json<&u64> {
    Json(&visits.0)
}

fn main() {}
