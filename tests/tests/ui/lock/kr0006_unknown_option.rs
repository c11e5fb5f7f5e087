//! KR0006: a typing error in an option of the lock (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits", timout = "2s")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
