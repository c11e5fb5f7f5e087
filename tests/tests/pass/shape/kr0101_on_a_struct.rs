//! KR0101: the attribute stands on a function.

use kr_runtime::prelude::*;

#[kr_route(get, "/visits")]
fn visits() {}

fn main() {}
