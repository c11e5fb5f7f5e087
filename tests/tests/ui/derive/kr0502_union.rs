//! KR0502: a union as a state (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, Copy, SharedState)]
#[shared_state(lock = "number")]
union Number {
    whole: u64,
    real: f64,
}

fn main() {}
