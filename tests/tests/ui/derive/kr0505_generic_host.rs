//! KR0505: a host with a state that is a parameter (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site<S: SharedState> {
    visits: Shared<S>,
}

fn main() {}
