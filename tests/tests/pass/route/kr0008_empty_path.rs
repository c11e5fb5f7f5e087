//! KR0008: the root is a slash.

use kr_runtime::prelude::*;

#[kr_route(get, "/")]
fn home() {}

fn main() {}
