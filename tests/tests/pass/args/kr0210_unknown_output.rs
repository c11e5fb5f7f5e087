//! KR0210: the type is in scope.

use kr_runtime::prelude::*;
use kr_runtime::Update;

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
