//! KR0002: a typing error in the method (1 error)

use kr_runtime::prelude::*;

#[kr_route(pots, "/visit")]
fn visit() {}

fn main() {}
