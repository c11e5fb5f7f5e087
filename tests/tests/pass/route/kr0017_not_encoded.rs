//! KR0017: the character as requests have it.

use kr_runtime::prelude::*;

#[kr_route(get, "/caf%C3%A9")]
fn menu() {}

fn main() {}
