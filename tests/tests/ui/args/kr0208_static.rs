//! KR0208: shared state for `'static` (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &'static mut Visits) {
    visits.0 += 1;
}

fn main() {}
