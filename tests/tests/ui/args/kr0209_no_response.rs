//! KR0209: a result that is no response (1 error)

use kr_runtime::prelude::*;

#[derive(Serialize)]
struct Page {
    number: u32,
}

#[kr_route(get, "/page")]
fn page() -> Page {
    Page { number: 1 }
}

fn main() {}
