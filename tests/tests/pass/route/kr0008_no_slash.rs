//! KR0008: the path starts with a slash.

use kr_runtime::prelude::*;

#[kr_route(post, "/visit")]
fn visit() {}

fn main() {}
