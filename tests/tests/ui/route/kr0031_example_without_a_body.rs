//! KR0031: an example of a body that is not taken (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/visit", example = {"count": 1})]
fn visit() {}

fn main() {}
