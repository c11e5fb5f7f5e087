//! KR0506: a type for each state.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Yesterday(Visits);

#[derive(Host)]
struct Site {
    today: Shared<Visits>,
    yesterday: Shared<Yesterday>,
}

fn main() {}
