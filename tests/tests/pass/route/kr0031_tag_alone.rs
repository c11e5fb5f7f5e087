//! KR0031: the tag has a text.

use kr_runtime::prelude::*;

#[kr_route(get, "/visits", tag = "visits")]
fn visits() {}

fn main() {}
