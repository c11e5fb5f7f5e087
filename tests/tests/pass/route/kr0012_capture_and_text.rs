//! KR0012: a capture has its segment to itself.

use kr_runtime::prelude::*;

#[kr_route(get, "/reports/{name}")]
fn report(name: String) -> String {
    name.trim_end_matches(".json").to_owned()
}

fn main() {}
