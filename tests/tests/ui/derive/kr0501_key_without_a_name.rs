//! KR0501: the key as `#[locked]` has it (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state("visits")]
struct Visits(u64);

fn main() {}
