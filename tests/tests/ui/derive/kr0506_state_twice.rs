//! KR0506: a host with two values of one state (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    today: Shared<Visits>,
    yesterday: Shared<Visits>,
}

fn main() {}
