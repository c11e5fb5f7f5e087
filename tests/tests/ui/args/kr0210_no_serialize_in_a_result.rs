//! KR0210: one part of the response cannot be written as JSON (1 error)

use kr_runtime::prelude::*;

struct Page {
    number: u32,
}

#[kr_route(post, "/page")]
fn page() -> Result<(StatusCode, Json<Page>), Problem> {
    Ok((StatusCode::CREATED, Json(Page { number: 1 })))
}

fn main() {}
