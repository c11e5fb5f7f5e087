//! KR0504: a host.

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

fn main() {}
