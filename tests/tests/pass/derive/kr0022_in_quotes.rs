//! KR0022: the path of kr without quotes.

extern crate kr_runtime as kr;

use kr::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits", crate = ::kr)]
struct Visits(u64);

fn main() {}
