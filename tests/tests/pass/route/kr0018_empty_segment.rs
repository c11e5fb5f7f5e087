//! KR0018: one slash.

use kr_runtime::prelude::*;

#[kr_route(get, "/users/all")]
fn users() {}

fn main() {}
