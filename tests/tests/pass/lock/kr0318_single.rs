//! KR0318: a state without a key is borrowed.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u32);

#[kr_route(get, "/visits")]
#[locked("visits")]
async fn list(visits: &Visits) -> Result<String, Problem> {
    Ok(visits.0.to_string())
}

fn main() {}
