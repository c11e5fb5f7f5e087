//! KR0101: the attribute stands on a struct (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/visits")]
struct Visits(u64);

fn main() {
    let _ = Visits(0);
}
