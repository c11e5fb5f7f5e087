//! KR0031: the tag is in quotes.

use kr_runtime::prelude::*;

#[kr_route(get, "/visits", tag = "visits")]
fn visits() {}

fn main() {}
