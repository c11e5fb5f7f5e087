//! KR0004: the path before the method (1 error)

use kr_runtime::prelude::*;

#[kr_route("/visit", post)]
fn visit() {}

fn main() {}
