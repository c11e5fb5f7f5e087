//! KR0214: something that must stay on its thread is held across an `.await`; rustc's message is good (1 error)

use kr_runtime::prelude::*;
use std::rc::Rc;

#[kr_route(get, "/wait")]
async fn wait() -> String {
    let waited = Rc::new(1);
    std::future::ready(()).await;
    waited.to_string()
}

fn main() {}
