//! KR0309: a key from an argument that the handler does not have (1 error)

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
#[locked(from = "account:{transfer.from}", to = "account:{order.to}")]
fn transfer(from: &mut Account, to: &mut Account, Json(transfer): Json<Transfer>) {
    let _ = (transfer.from, transfer.to);
    to.0 += from.0;
}

fn main() {}
