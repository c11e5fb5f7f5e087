//! KR0404: a handler with a capture borrows what the host does not hold (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {}

#[kr_route(post, "/visit/{id}")]
#[locked("visits")]
fn visit(id: u64, visits: &mut Visits) {
    visits.0 += id;
}

fn main() {
    let site = Site {};
    let _ = App::new("Site", site).mount(routes![visit]);
}
