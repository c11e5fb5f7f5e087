//! KR0209: JSON that may be null.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) -> Json<Option<u64>> {
    visits.0 += 1;
    Json(Some(visits.0))
}

fn main() {}
