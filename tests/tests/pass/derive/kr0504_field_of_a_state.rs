//! KR0504: a field that is secret.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "settings")]
struct Settings {
    #[shared_state(secret)]
    api_key: String,
}

fn main() {
    let _ = Settings { api_key: String::new() };
}
