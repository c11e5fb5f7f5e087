//! KR0303: the state's own lock, in another case and with blanks, which is the same lock.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

const LOCK: &str = " Visits ";

#[kr_route(post, "/visit")]
#[locked(LOCK)]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
