//! KR0103: a safe handler.

use kr_runtime::prelude::*;

#[kr_route(get, "/ping")]
fn ping() {}

fn main() {}
