//! KR0509: a state that is kept, with a version.

use kr_runtime::prelude::*;

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page", version = 2)]
struct Page {
    title: String,
}

fn main() {}
