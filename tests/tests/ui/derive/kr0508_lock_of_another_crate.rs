//! KR0508: a state with a mutex of another crate in a list (1 error)

use kr_runtime::prelude::*;
use std::sync::Arc;
use tokio::sync::Mutex;

#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    title: String,
    visits: Vec<Arc<Mutex<u64>>>,
}

#[kr_route(post, "/visit")]
#[locked("page")]
fn visit(page: &mut Page) -> String {
    *page.visits[0].try_lock().unwrap() += 1;
    page.title.clone()
}

fn main() {}
