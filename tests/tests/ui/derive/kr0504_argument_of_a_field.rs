//! KR0504: an unknown argument on a field of a host (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
    #[host(ignore)]
    name: String,
}

fn main() {}
