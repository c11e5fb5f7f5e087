//! KR0031: a tag has no text (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/visits", tag)]
fn visits() {}

fn main() {}
