//! KR0504: an unknown argument on a field of a state (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "settings")]
struct Settings {
    #[shared_state(hidden)]
    api_key: String,
}

fn main() {
    let _ = Settings { api_key: String::new() };
}
