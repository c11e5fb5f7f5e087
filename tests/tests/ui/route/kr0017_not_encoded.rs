//! KR0017: a character that never stands in a request like that (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/café")]
fn menu() {}

fn main() {}
