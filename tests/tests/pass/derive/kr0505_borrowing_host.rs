//! KR0505: a host that owns what it has.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
    #[host(skip)]
    name: String,
}

fn main() {}
