//! KR0505: a host whose mistake must not spread to its handlers (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Visits,
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
