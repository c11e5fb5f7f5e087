//! KR0102: a function of an `impl`, seen by its `Self` (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

impl Visits {
    #[kr_route(post, "/visit")]
    #[locked("visits")]
    fn visit(state: &mut Self) {
        state.0 += 1;
    }
}

fn main() {
    Visits::visit(&mut Visits(0));
}
