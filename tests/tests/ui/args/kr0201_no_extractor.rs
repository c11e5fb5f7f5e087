//! KR0201: a type that is not an extractor (1 error)

use kr_runtime::prelude::*;

struct Page {
    number: u32,
}

#[kr_route(get, "/page")]
fn page(page: Page) -> String {
    page.number.to_string()
}

fn main() {}
