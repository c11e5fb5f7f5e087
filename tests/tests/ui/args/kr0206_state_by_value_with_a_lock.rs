//! KR0206: shared state by value, under its lock (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: Visits) -> String {
    visits.0.to_string()
}

fn main() {}
