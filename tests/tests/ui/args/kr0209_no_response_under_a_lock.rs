//! KR0209: a result that is no response, of an async handler with a lock (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
async fn visit(visits: &mut Visits) -> Result<u64, Problem> {
    visits.0 += 1;
    Ok(visits.0)
}

fn main() {}
