//! KR0102: a method as a handler (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

impl Visits {
    #[kr_route(post, "/visit")]
    #[locked("visits")]
    fn visit(&mut self) {
        self.0 += 1;
    }
}

fn main() {
    Visits(0).visit();
}
