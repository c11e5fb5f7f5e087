//! KR0103: an ordinary handler.

use kr_runtime::prelude::*;

#[kr_route(get, "/ping")]
fn ping() {}

fn main() {}
