//! KR0314: a number with its unit.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits", timeout = "250ms")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
