//! KR0023: a cached response of a counter (1 error)

use kr_runtime::Counter;
use kr_runtime::prelude::*;

#[kr_route(get, "/visits", cached)]
fn visits(visits: &Counter) -> Json<i64> {
    Json(visits.get())
}

fn main() {}
