//! KR0012: a capture shares its segment with text (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/reports/{name}.json")]
fn report(name: String) -> String {
    name
}

fn main() {}
