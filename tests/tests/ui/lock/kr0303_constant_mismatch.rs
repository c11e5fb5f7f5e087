//! KR0303: another lock than the state's, by the name of a constant (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

const LOCK: &str = "visitors";

#[kr_route(post, "/visit")]
#[locked(LOCK)]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
