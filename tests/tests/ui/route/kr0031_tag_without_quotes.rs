//! KR0031: a tag is not in quotes (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/visits", tag = visits)]
fn visits() {}

fn main() {}
