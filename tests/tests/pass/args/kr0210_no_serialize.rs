//! KR0210: the response's type derives `Serialize`.

use kr_runtime::prelude::*;

#[derive(Serialize)]
struct Page {
    number: u32,
}

#[kr_route(get, "/page")]
fn page() -> Json<Page> {
    Json(Page { number: 1 })
}

fn main() {}
