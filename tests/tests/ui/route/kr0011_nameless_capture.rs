//! KR0011: a capture without a name (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/users/{}")]
fn user() {}

fn main() {}
