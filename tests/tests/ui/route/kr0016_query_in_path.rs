//! KR0016: the path goes on into the query (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/search?text")]
fn search() {}

fn main() {}
