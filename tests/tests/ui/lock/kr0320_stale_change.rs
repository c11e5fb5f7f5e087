//! KR0320: a change of what may be stale (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visits")]
#[locked("visits", stale = "200ms")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
