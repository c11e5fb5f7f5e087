//! KR0018: two slashes (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/users//all")]
fn users() {}

fn main() {}
