//! KR0023: made for each request.

use kr_runtime::Counter;
use kr_runtime::prelude::*;

#[kr_route(get, "/visits")]
fn visits(visits: &Counter) -> Json<i64> {
    Json(visits.get())
}

fn main() {}
