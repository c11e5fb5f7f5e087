//! KR0501: the lock of a state before its key is typed (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = )]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

fn main() {
    let _ = Visits::NAME;
}
