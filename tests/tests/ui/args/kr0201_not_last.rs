//! KR0201: a type that no request holds, before another argument (1 error)

use kr_runtime::prelude::*;

struct Page {
    number: u32,
}

#[kr_route(post, "/page")]
fn page(page: Page, body: String) -> String {
    body.repeat(page.number as usize)
}

fn main() {}
