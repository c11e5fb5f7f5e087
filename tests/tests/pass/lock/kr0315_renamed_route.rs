//! KR0315: the lock stands below the route.

use kr_runtime::kr_route as route;
use kr_runtime::prelude::{SharedState, locked};

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
