//! KR0406: two states of one name in a host (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

mod shop {
    use kr_runtime::prelude::*;

    #[derive(Clone, SharedState)]
    #[shared_state(lock = "shop")]
    pub(crate) struct Visits(u64);
}

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
    shop: Shared<shop::Visits>,
}

fn main() {}
