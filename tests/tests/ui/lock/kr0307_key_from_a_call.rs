//! KR0307: a key that is computed (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked(concat!("vis", "its"))]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
