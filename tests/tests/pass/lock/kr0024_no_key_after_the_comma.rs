//! KR0024: the key of the lock alone.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
