//! KR0207: the state that the host holds.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(get, "/visits")]
#[locked("visits")]
fn visits(site: &Visits) -> String {
    site.0.to_string()
}

fn main() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let _ = App::new("Site", site).mount(routes![visits]);
}
