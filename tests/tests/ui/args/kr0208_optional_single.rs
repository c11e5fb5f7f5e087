//! KR0208: a state without a key, as if it might be missing (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Option<Visits>) {
    let _ = visits;
}

fn main() {}
