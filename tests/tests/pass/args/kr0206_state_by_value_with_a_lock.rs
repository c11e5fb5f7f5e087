//! KR0206: shared state by reference, under its lock.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) -> String {
    visits.0.to_string()
}

fn main() {}
