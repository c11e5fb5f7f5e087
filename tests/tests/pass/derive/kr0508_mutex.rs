//! KR0508: a state with the value itself.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    title: String,
    visits: u64,
}

#[kr_route(post, "/visit")]
#[locked("page")]
fn visit(page: &mut Page) -> String {
    page.visits += 1;
    page.title.clone()
}

fn main() {}
