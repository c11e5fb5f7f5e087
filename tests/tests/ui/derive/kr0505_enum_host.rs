//! KR0505: a host that is no struct (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
enum Site {
    Visits(Shared<Visits>),
}

fn main() {}
