//! KR0308: one attribute for two locks.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Clone, SharedState)]
#[shared_state(lock = "audit")]
struct Audit(Vec<String>);

#[kr_route(post, "/visit")]
#[locked("visits", "audit")]
fn visit(visits: &mut Visits, audit: &mut Audit) {
    visits.0 += 1;
    audit.0.push("visit".to_owned());
}

fn main() {}
