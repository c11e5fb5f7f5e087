//! KR0006: the path of kr, given to the wrong attribute (1 error)

extern crate kr_runtime as kr;

use kr::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/path")]
#[locked("visits", crate = ::kr)]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {}
