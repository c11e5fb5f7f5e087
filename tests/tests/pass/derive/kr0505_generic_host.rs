//! KR0505: a host with a named state, and something else that is a parameter.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site<M: Send + Sync + 'static> {
    visits: Shared<Visits>,
    #[host(skip)]
    mail: M,
}

fn main() {}
