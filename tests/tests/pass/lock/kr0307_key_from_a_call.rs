//! KR0307: a key in a constant.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

const LOCK: &str = concat!("vis", "its");

#[kr_route(post, "/visit")]
#[locked(LOCK)]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
