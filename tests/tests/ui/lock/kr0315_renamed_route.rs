//! KR0315: the route has another name, and the lock stands above it (1 error)

use kr_runtime::kr_route as route;
use kr_runtime::prelude::{SharedState, locked};

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[locked("visits")]
#[route(post, "/visit")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
