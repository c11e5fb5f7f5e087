//! KR0201: a type that is not an extractor, before another argument (1 error)

use kr_runtime::prelude::*;

struct Page {
    number: u32,
}

#[kr_route(post, "/page")]
fn page(page: Page, body: String) -> String {
    body.repeat(page.number as usize)
}

fn main() {}
