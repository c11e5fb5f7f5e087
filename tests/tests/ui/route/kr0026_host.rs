//! KR0026: a live response that may depend on anything in the host (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(get, "/visits", live)]
#[locked("visits")]
fn visits(visits: &Visits, site: &Site) -> String {
    format!("{} {:?}", visits.0, site.visits)
}

fn main() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let _ = App::new("Site", site).mount(routes![visits]);
}
