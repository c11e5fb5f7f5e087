//! KR0313: two instances, changed together in one transaction.

use kr_runtime::SharedMap;
use kr_runtime::axum::Extension;
use kr_runtime::prelude::*;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account(u64);

#[derive(Clone, Host)]
struct Site {
    accounts: SharedMap<u64, Account>,
}

#[kr_route(post, "/transfer/{from}/{to}")]
async fn transfer(from: u64, to: u64, Extension(host): Extension<Site>) -> StatusCode {
    let transferred = host
        .update_many(
            (host.accounts.at(&from), host.accounts.at(&to)),
            |(from, to)| {
                from.0 -= 1;
                to.0 += 1;
            },
        )
        .await;
    match transferred {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn main() {
    let site = Site {
        accounts: SharedMap::new(),
    };
    let app = App::new("Bank", site.clone()).mount(routes![transfer]);
    let _ = app
        .into_router()
        .map(|router| router.layer(Extension(site)));
}
