//! KR0207: a reference to a reference (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(get, "/visits")]
#[locked("visits")]
fn visits(visits: &&Visits) -> String {
    visits.0.to_string()
}

fn main() {}
