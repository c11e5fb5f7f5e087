//! KR0025: a plain function.

use kr_runtime::prelude::*;

#[kr_route(post, "/report", blocking)]
#[locked("reports")]
fn report(reports: &mut Reports) {
    std::thread::sleep(std::time::Duration::from_secs(1));
    reports.0 += 1;
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "reports")]
struct Reports(u64);

fn main() {}
