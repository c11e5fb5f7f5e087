//! KR0313: one state, borrowed twice (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits, before: &Visits) {
    visits.0 += before.0;
}

fn main() {}
