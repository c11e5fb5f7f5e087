//! KR0006: an argument that does not exist (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/visit", lock = "visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
