//! KR0508: a state with a list of the values themselves.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    title: String,
    visits: Vec<u64>,
}

#[kr_route(post, "/visit")]
#[locked("page")]
fn visit(page: &mut Page) -> String {
    page.visits[0] += 1;
    page.title.clone()
}

fn main() {}
