//! KR0207: a state.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

fn main() {
    let _ = |site: Site| site.visits;
    let _ = Visits(0).0;
}
