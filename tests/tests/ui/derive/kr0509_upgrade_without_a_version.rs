//! KR0509: an upgrade from a version that there was never (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page", upgrade = from_first)]
struct Page {
    title: String,
}

fn from_first(_: u32, json: serde_json::Value) -> serde_json::Result<Page> {
    serde_json::from_value(json)
}

fn main() {}
