//! KR0207: the host, whose states change by `update`.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(post, "/visits")]
async fn visits(site: &Site) -> Result<(), Problem> {
    Ok(site.update(|visits: &mut Visits| visits.0 += 1).await?)
}

fn main() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let _ = App::new("Site", site).mount(routes![visits]);
}
