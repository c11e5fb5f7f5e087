//! KR0208: shared state in a lock of its own (1 error)

use kr_runtime::prelude::*;
use std::sync::{Arc, Mutex};

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: Arc<Mutex<Visits>>) {
    visits.lock().unwrap().0 += 1;
}

fn main() {}
