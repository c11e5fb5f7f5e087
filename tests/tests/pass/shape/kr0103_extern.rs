//! KR0103: a handler for Rust.

use kr_runtime::prelude::*;

#[kr_route(get, "/ping")]
fn ping() {}

fn main() {}
