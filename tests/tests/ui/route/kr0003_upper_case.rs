//! KR0003: the method in upper case (1 error)

use kr_runtime::prelude::*;

#[kr_route(POST, "/visit")]
fn visit() {}

fn main() {}
