//! KR0001: arguments go into parentheses.

use kr_runtime::prelude::*;

#[locked("visits")]
#[kr_route(get, "/path")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
