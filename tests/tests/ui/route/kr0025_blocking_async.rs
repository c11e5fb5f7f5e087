//! KR0025: an async function that is to run in a thread of its own (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/report", blocking)]
#[locked("reports")]
async fn report(reports: &mut Reports) {
    std::thread::sleep(std::time::Duration::from_secs(1));
    reports.0 += 1;
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "reports")]
struct Reports(u64);

fn main() {}
