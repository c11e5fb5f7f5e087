//! KR0102: a function of an `impl` that nothing tells from a free one; rustc reports it, for the two generated items (2 errors)

use kr_runtime::prelude::*;

struct Visits;

impl Visits {
    #[kr_route(get, "/visits")]
    fn visits() -> &'static str {
        "none"
    }
}

fn main() {
    Visits::visits();
}
