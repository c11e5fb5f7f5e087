//! KR0503: a state that may change threads.

use kr_runtime::prelude::*;
use std::sync::Arc;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes {
    latest: Arc<str>,
}

fn main() {}
