//! KR0006: the key as the state has it (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked(lock = "visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
