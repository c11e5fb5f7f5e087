//! KR0501: the attribute says nothing (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state]
struct Notes(Vec<String>);

fn main() {}
