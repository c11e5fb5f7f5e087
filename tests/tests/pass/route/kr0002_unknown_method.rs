//! KR0002: the method that was meant.

use kr_runtime::prelude::*;

#[kr_route(post, "/visit")]
fn visit() {}

fn main() {}
