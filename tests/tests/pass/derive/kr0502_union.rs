//! KR0502: an enum as a state.

use kr_runtime::prelude::*;

#[derive(Clone, Copy, SharedState)]
#[shared_state(lock = "number")]
enum Number {
    Whole(u64),
    Real(f64),
}

fn main() {}
