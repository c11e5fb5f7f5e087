//! KR0109: a type with the handler's name; rustc's message is good (1 error)

use kr_runtime::prelude::*;

#[allow(non_camel_case_types)]
struct visit {}

#[kr_route(get, "/visit")]
fn visit() {}

fn main() {}
