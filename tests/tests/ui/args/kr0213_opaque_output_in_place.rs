//! KR0213: opaque output, which may be a `Result`, of a change in place (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits", in_place)]
fn visit(visits: &mut Visits) -> impl IntoResponse {
    visits.0 += 1;
    Json(visits.0)
}

fn main() {}
