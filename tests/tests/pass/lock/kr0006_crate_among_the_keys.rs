//! KR0006: the path of kr, given to the route.

extern crate kr_runtime as kr;

use kr::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/path", crate = ::kr)]
#[locked("visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
