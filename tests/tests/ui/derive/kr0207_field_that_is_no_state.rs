//! KR0207: a host that holds what is no state (1 error)

use kr_runtime::prelude::*;

struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

fn main() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let _ = site.visits;
    let _ = Visits(0).0;
}
