//! KR0316: a change in place of what is only read (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(get, "/visits")]
#[locked("visits", in_place)]
fn visits(visits: &Visits) -> Json<&u64> {
    Json(&visits.0)
}

fn main() {}
