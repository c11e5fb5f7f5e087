//! KR0008: an empty path (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "")]
fn home() {}

fn main() {}
