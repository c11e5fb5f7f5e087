//! KR0509: an upgrade to version 2.

use kr_runtime::prelude::*;

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page", version = 2, upgrade = from_first)]
struct Page {
    title: String,
}

fn from_first(_: u32, json: serde_json::Value) -> serde_json::Result<Page> {
    serde_json::from_value(json)
}

fn main() {}
