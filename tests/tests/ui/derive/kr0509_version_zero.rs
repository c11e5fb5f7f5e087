//! KR0509: a version that is none (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page", version = 0)]
struct Page {
    title: String,
}

fn main() {}
