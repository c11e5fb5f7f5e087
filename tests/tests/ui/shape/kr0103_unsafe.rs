//! KR0103: an unsafe handler (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/ping")]
unsafe fn ping() {}

fn main() {}
