//! KR0502: a generic state (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "cache")]
struct Cache<T>(Vec<T>);

fn main() {}
