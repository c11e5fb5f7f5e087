//! KR0005: the path is put together by a macro (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, concat!("/", "visit"))]
fn visit() {}

fn main() {}
