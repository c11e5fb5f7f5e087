//! KR0316: a change in place in a plain function.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits", in_place)]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
