//! KR0310: a field of an argument as a key.

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
#[locked("account:{transfer.from}")]
fn transfer(from: &mut Account, Json(transfer): Json<Transfer>) {
    let _ = (transfer.from, transfer.to);
    from.0 -= 1;
}

fn main() {
    let bank = Bank {
        accounts: SharedMap::new(),
    };
    let _ = App::new("Bank", bank).mount(routes![transfer]);
}
