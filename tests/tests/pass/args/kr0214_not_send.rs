//! KR0214: something that may change threads.

use kr_runtime::prelude::*;
use std::sync::Arc;

#[kr_route(get, "/wait")]
async fn wait() -> String {
    let waited = Arc::new(1);
    std::future::ready(()).await;
    waited.to_string()
}

fn main() {}
