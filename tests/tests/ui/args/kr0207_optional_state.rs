//! KR0207: a reference to a state that may be missing (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(get, "/visits")]
#[locked("visits")]
fn visits(visits: &Option<Visits>) -> String {
    visits.as_ref().map_or(0, |visits| visits.0).to_string()
}

fn main() {}
