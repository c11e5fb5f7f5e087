//! KR0216: a counter whose argument has no name (1 error)

use kr_runtime::Counter;
use kr_runtime::prelude::*;

#[kr_route(post, "/visit")]
fn visit(_: &Counter) {}

fn main() {}
