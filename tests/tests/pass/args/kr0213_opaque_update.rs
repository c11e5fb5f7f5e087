//! KR0213: an update with the type itself.

use kr_runtime::Update;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) -> Update<Json<u64>> {
    visits.0 += 1;
    Update::Changed(Json(visits.0))
}

fn main() {}
