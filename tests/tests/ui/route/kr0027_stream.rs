//! KR0027: a kept response that is a stream (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/visit", idempotent)]
#[locked("visits")]
fn visit(visits: &mut Visits) -> kr_runtime::axum::body::Body {
    visits.0 += 1;
    visits.0.to_string().into()
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
