//! KR0319: each key has its argument.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account(i64);

#[derive(Deserialize)]
struct Transfer {
    from: u64,
    to: u64,
}

#[kr_route(post, "/transfers")]
#[locked(from = "account:{transfer.from}", to = "account:{transfer.to}")]
fn transfer(from: &mut Account, to: &mut Account, Json(transfer): Json<Transfer>) {
    let _ = (transfer.from, transfer.to);
    to.0 += from.0;
}

fn main() {}
