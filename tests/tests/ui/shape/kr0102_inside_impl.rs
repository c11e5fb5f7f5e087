//! KR0102: a function of an `impl` that nothing tells from a free one; rustc says it, of the two items beside it (2 errors)

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
