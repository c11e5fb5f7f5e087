//! KR0508: a state with an atomic number in it, under another name (1 error)

use kr_runtime::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

type Visits = Arc<AtomicU64>;

#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    title: String,
    visits: Visits,
}

#[kr_route(post, "/visit")]
#[locked("page")]
fn visit(page: &mut Page) -> String {
    page.visits.fetch_add(1, Ordering::Relaxed);
    page.title.clone()
}

fn main() {}
