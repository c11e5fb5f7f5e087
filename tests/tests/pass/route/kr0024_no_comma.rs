//! KR0024: a comma between the method and the path.

use kr_runtime::prelude::*;

#[kr_route(get, "/health")]
fn health() -> &'static str {
    "ok"
}

fn main() {
    health();
}
