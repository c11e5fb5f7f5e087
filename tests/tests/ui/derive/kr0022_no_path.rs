//! KR0022: something that is no path (1 error)

use kr_runtime::prelude::*;

#[derive(Host)]
#[host(crate = ::kr::*)]
struct Site {}

fn main() {}
