//! KR0404: a host that holds it.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(post, "/visit/{id}")]
#[locked("visits")]
fn visit(id: u64, visits: &mut Visits) {
    visits.0 += id;
}

fn main() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let _ = App::new("Site", site).mount(routes![visit]);
}
