//! KR0005: the path itself.

use kr_runtime::prelude::*;

#[kr_route(post, "/visit")]
fn visit() {}

fn main() {}
