//! KR0503: a state that must stay on its thread; rustc says it of each field, once for `Send` and once for `Sync` (2 errors)

use kr_runtime::prelude::*;
use std::rc::Rc;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes {
    latest: Rc<str>,
}

fn main() {}
