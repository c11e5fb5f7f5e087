//! KR0008: the path does not start with a slash (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "visit")]
fn visit() {}

fn main() {}
