//! KR0022: a path of kr that is the same everywhere.

extern crate kr_runtime as kr;

use kr::prelude::*;

#[kr_route(get, "/ping", crate = ::kr)]
fn ping() {}

fn main() {}
