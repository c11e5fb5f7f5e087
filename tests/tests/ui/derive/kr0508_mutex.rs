//! KR0508: a state with a mutex in it (1 error)

use kr_runtime::prelude::*;
use std::sync::{Arc, Mutex};

#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    title: String,
    visits: Arc<Mutex<u64>>,
}

#[kr_route(post, "/visit")]
#[locked("page")]
fn visit(page: &mut Page) -> String {
    *page.visits.lock().unwrap() += 1;
    page.title.clone()
}

fn main() {}
