//! KR0001: the attribute is written like a value (1 error)

use kr_runtime::prelude::*;

#[locked("visits")]
#[kr_route = "/visit"]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
