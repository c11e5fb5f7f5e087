//! KR0503: a state of which no draft can be made (1 error)

use kr_runtime::prelude::*;

#[derive(SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

fn main() {}
