//! KR0316: a response for every end.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits", in_place)]
fn visit(visits: &mut Visits) -> kr_runtime::axum::response::Response {
    if visits.0 >= 100 {
        return Problem::conflict("too many").into_response();
    }
    visits.0 += 1;
    Json(visits.0).into_response()
}

fn main() {}
