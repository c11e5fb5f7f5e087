//! KR0509: a version.

use kr_runtime::prelude::*;

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page", version = 2)]
struct Page {
    title: String,
}

fn main() {}
