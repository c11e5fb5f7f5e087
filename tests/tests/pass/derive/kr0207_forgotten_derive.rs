//! KR0207: a state with its derive.

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

#[kr_route(get, "/visits")]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}

fn main() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let _ = App::new("Site", site).mount(routes![visit, visits]);
}
