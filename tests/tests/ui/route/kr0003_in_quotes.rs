//! KR0003: the method in quotes (1 error)

use kr_runtime::prelude::*;

#[kr_route("post", "/visit")]
fn visit() {}

fn main() {}
