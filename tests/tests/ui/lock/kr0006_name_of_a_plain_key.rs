//! KR0006: a key without a placeholder, for an argument (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked(visits = "visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
