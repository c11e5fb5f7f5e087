//! KR0026: a followed response that depends on the request (1 error)

use kr_runtime::axum::http::HeaderMap;
use kr_runtime::prelude::*;

#[kr_route(get, "/visits", live)]
#[locked("visits")]
fn visits(visits: &Visits, headers: HeaderMap) -> String {
    format!("{} {}", visits.0, headers.len())
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

fn main() {}
