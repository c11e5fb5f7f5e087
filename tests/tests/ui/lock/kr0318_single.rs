//! KR0318: a list of the instances of a state without a key (1 error)

use kr_runtime::Instances;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u32);

#[kr_route(get, "/visits")]
async fn list(visits: &Instances<u64, Visits>) -> Result<String, Problem> {
    Ok(visits.len().await?.to_string())
}

fn main() {}
