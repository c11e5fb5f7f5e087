//! KR0504: a typing error in the attribute of a state (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lok = "notes")]
struct Notes(Vec<String>);

fn main() {}
