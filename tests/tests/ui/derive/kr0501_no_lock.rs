//! KR0501: a state that names no lock (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
struct Notes(Vec<String>);

fn main() {}
