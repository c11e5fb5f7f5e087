//! KR0005: the path is a constant (1 error)

use kr_runtime::prelude::*;

const VISIT: &str = "/visit";

#[kr_route(post, VISIT)]
fn visit() {}

fn main() {}
