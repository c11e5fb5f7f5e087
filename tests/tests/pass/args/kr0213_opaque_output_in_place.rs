//! KR0213: the type itself.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits", in_place)]
fn visit(visits: &mut Visits) -> Json<u64> {
    visits.0 += 1;
    Json(visits.0)
}

fn main() {}
