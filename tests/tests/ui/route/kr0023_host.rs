//! KR0023: a cached response that may depend on anything in the host (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(get, "/visits", cached)]
fn visits(site: &Site) -> Result<String, Problem> {
    Ok(site.latest::<Visits>()?.0.to_string())
}

fn main() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let _ = App::new("Site", site).mount(routes![visits]);
}
