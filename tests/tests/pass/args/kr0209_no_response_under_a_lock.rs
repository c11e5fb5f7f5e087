//! KR0209: the result as text.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
async fn visit(visits: &mut Visits) -> Result<String, Problem> {
    visits.0 += 1;
    Ok(visits.0.to_string())
}

fn main() {}
