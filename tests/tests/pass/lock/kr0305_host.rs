//! KR0305: the host alone, which needs no lock.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(get, "/visits")]
fn visits(site: &Site) -> Result<String, Problem> {
    Ok(site.latest::<Visits>()?.0.to_string())
}

fn main() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let _ = App::new("Site", site).mount(routes![visits]);
}
