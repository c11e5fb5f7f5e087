//! KR0305: a lock for the host, beside that of a state (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(get, "/visits")]
#[locked("visits", "site")]
fn visits(visits: &Visits, site: &Site) -> String {
    format!("{} {:?}", visits.0, site.visits)
}

fn main() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let _ = App::new("Site", site).mount(routes![visits]);
}
