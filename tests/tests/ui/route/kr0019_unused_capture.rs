//! KR0019: no argument takes the capture (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/users/{id}")]
fn user() {}

fn main() {}
