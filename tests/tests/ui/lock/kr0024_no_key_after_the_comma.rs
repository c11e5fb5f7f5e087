//! KR0024: two commas with nothing between them (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits", , timeout = "1s")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
