//! KR0210: the response's type cannot be written as JSON (1 error)

use kr_runtime::prelude::*;

struct Page {
    number: u32,
}

#[kr_route(get, "/page")]
fn page() -> Json<Page> {
    Json(Page { number: 1 })
}

fn main() {}
