//! KR0301: a lock on a plain function (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[locked("visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
