//! KR0103: a handler for C (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/ping")]
extern "C" fn ping() {}

fn main() {}
