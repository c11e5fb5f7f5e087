//! KR0319: one key for each argument.

use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account(i64);

#[derive(Host)]
struct Bank {
    accounts: SharedMap<String, Account>,
}

#[derive(Deserialize)]
struct Transfer {
    from: String,
    to: String,
}

#[kr_route(post, "/transfer")]
#[locked(from = "account:{transfer.from}", to = "account:{transfer.to}")]
fn transfer(from: &mut Account, to: &mut Account, Json(transfer): Json<Transfer>) {
    let _ = (transfer.from, transfer.to);
    from.0 -= 1;
    to.0 += 1;
}

fn main() {
    let bank = Bank {
        accounts: SharedMap::new(),
    };
    let _ = App::new("Bank", bank).mount(routes![transfer]);
}
