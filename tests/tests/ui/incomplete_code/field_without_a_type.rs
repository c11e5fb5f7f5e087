//! Half a field of a host is rustc's own syntax error (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: 
}

fn main() {
    let _ = Visits::NAME;
}
