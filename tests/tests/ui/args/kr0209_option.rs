//! KR0209: an `Option` as a response (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) -> Option<Json<u64>> {
    visits.0 += 1;
    Some(Json(visits.0))
}

fn main() {}
