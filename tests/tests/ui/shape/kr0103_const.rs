//! KR0103: a constant handler (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/ping")]
const fn ping() {}

fn main() {}
