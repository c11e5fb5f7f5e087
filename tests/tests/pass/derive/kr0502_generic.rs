//! KR0502: a state of its own for each type.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "cache")]
struct Cache(Vec<String>);

fn main() {}
