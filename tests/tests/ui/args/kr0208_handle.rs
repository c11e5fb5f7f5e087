//! KR0208: the host's handle to a state (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(get, "/visits")]
#[locked("visits")]
fn visits(visits: &Shared<Visits>) -> String {
    format!("{visits:?}")
}

fn main() {}
