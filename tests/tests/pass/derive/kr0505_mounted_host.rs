//! KR0505: a host of a shared state, and its handler.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn mount(site: Site) -> App<Site> {
    App::new("Site", site).mount(routes![visit])
}

fn main() {
    let _ = mount;
}
