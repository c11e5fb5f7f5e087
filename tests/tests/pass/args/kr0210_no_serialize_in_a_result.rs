//! KR0210: that part derives `Serialize`.

use kr_runtime::prelude::*;

#[derive(Serialize)]
struct Page {
    number: u32,
}

#[kr_route(post, "/page")]
fn page() -> Result<(StatusCode, Json<Page>), Problem> {
    Ok((StatusCode::CREATED, Json(Page { number: 1 })))
}

fn main() {}
