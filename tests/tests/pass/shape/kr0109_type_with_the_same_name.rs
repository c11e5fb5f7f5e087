//! KR0109: the type has another name.

use kr_runtime::prelude::*;

struct Visit {}

#[kr_route(get, "/visit")]
fn visit() {}

fn main() {
    let _ = Visit {};
}
