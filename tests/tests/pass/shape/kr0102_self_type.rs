//! KR0102: a free function that names the type.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(state: &mut Visits) {
    state.0 += 1;
}

fn main() {
    visit(&mut Visits(0));
}
