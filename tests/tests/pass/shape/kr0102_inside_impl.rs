//! KR0102: the function, moved out of the `impl`.

use kr_runtime::prelude::*;

#[kr_route(get, "/visits")]
fn visits() -> &'static str {
    "none"
}

fn main() {
    visits();
}
