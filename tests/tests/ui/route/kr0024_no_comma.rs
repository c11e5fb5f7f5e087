//! KR0024: nothing between the method and the path (1 error)

use kr_runtime::prelude::*;

#[kr_route(get "/health")]
fn health() -> &'static str {
    "ok"
}

fn main() {
    health();
}
