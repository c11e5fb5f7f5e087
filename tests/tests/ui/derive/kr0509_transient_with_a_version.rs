//! KR0509: a state that is not kept, with a version (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page", transient, version = 2)]
struct Page {
    title: String,
}

fn main() {}
