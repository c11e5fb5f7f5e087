//! KR0302: state is read, and its lock is not named (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(get, "/visits")]
fn visits(visits: &Visits) -> String {
    visits.0.to_string()
}

fn main() {}
