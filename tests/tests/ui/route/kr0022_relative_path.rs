//! KR0022: a path of kr that depends on where it stands (1 error)

extern crate kr_runtime as kr;

use kr::prelude::*;

#[kr_route(get, "/ping", crate = kr)]
fn ping() {}

fn main() {}
