//! KR0308: one lock, named once.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

const LOCK: &str = "visits";

#[kr_route(post, "/visit")]
#[locked(LOCK)]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
