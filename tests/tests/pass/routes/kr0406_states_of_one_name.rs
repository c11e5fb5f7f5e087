//! KR0406: each state has a name of its own.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

mod shop {
    use kr_runtime::prelude::*;

    #[derive(Clone, SharedState)]
    #[shared_state(lock = "shop", name = "ShopVisits")]
    pub(crate) struct Visits(u64);
}

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
    shop: Shared<shop::Visits>,
}

fn main() {}
