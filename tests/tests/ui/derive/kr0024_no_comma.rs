//! KR0024: nothing between the arguments of a state (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(name = "People" lock = "names")]
struct Names(Vec<String>);

#[derive(Host)]
struct Site {
    names: Shared<Names>,
}

fn main() {
    let _ = Site {
        names: Shared::new(Names(Vec::new())),
    };
}
