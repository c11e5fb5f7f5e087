//! KR0505: a host that borrows (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site<'a> {
    visits: Shared<Visits>,
    #[host(skip)]
    name: &'a str,
}

fn main() {}
