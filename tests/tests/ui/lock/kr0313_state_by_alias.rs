//! KR0313: one state under two names, borrowed twice (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

type Before = Visits;

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits, before: &Before) {
    visits.0 += before.0;
}

fn main() {}
