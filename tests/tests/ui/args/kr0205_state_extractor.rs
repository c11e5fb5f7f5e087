//! KR0205: shared state in axum's `State` (1 error)

use axum::extract::State;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
fn visit(State(visits): State<Visits>) -> String {
    visits.0.to_string()
}

fn main() {}
