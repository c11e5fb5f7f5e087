//! KR0504: a host with a lock of its own (1 error)

use kr_runtime::prelude::*;

#[derive(Host)]
#[host(lock = "site")]
struct Site {}

fn main() {}
