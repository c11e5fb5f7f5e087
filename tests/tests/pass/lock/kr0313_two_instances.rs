//! KR0313: two instances of one state have keys by their names.

use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account(u64);

#[derive(Host)]
struct Site {
    accounts: SharedMap<u64, Account>,
}

#[kr_route(post, "/transfer/{from}/{to}")]
#[locked(source = "account:{from}", target = "account:{to}")]
fn transfer(source: &mut Account, target: &mut Account, from: u64, to: u64) {
    let _ = (from, to);
    source.0 -= 1;
    target.0 += 1;
}

fn main() {
    let site = Site {
        accounts: SharedMap::new(),
    };
    let _ = App::new("Bank", site).mount(routes![transfer]);
}
