//! KR0003: the method in lower case.

use kr_runtime::prelude::*;

#[kr_route(post, "/visit")]
fn visit() {}

fn main() {}
