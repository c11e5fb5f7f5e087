//! KR0022: a path.

extern crate kr_runtime as kr;

use kr_runtime::prelude::*;

#[derive(Host)]
#[host(crate = ::kr)]
struct Site {}

fn main() {}
