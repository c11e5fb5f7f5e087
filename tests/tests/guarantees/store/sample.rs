//! A bank in a store that the test decides about.

use kr_runtime::prelude::*;
use kr_runtime::{SharedMap, UpdateError};
use kr_tests::serve;
use kr_tests::stores::{ManualStore, manual_store};
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::timeout;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "cash")]
pub(super) struct Cash(pub(super) u64);

#[derive(Debug, Clone, Default, PartialEq, Serialize, SharedState)]
#[shared_state(lock = "vault")]
pub(super) struct Vault(pub(super) u64);

#[derive(Debug, Clone, Default, PartialEq, Serialize, SharedState)]
#[shared_state(lock = "account:{name}")]
pub(super) struct Account(pub(super) u64);

#[derive(Clone, Host)]
pub(super) struct Bank {
    pub(super) cash: Shared<Cash>,
    pub(super) vault: Shared<Vault>,
    pub(super) accounts: SharedMap<String, Account>,
}

#[kr_route(get, "/cash")]
#[locked("cash")]
fn cash(cash: &Cash) -> Json<&Cash> {
    Json(cash)
}

#[kr_route(get, "/cash/cached", cached)]
#[locked("cash")]
fn cached_cash(cash: &Cash) -> Json<&Cash> {
    Json(cash)
}

#[kr_route(post, "/cash")]
#[locked("cash")]
fn pay_in(cash: &mut Cash) -> Json<u64> {
    cash.0 += 1;
    Json(cash.0)
}

#[kr_route(post, "/cash/async")]
#[locked("cash", hold_timeout = "50ms")]
async fn pay_in_async(cash: &mut Cash) -> Json<u64> {
    tokio::task::yield_now().await;
    cash.0 += 1;
    Json(cash.0)
}

#[kr_route(post, "/cash/refuse")]
#[locked("cash")]
fn refuse(cash: &mut Cash) -> Result<(), Problem> {
    cash.0 += 1000;
    Err(Problem::conflict(format!("there are {}", cash.0 - 1000)))
}

#[kr_route(post, "/cash/look")]
#[locked("cash", exclusive)]
fn look(cash: &Cash) -> Json<u64> {
    Json(cash.0)
}

#[kr_route(post, "/cash/in-place")]
#[locked("cash", in_place)]
fn pay_in_in_place(cash: &mut Cash) -> Json<u64> {
    cash.0 += 1;
    Json(cash.0)
}

#[kr_route(post, "/transfer")]
#[locked("cash", "vault")]
fn transfer(cash: &mut Cash, vault: &mut Vault) -> Result<Json<(u64, u64)>, Problem> {
    cash.0 = cash.0.checked_sub(1).ok_or(Problem::conflict("no cash"))?;
    vault.0 += 1;
    Ok(Json((cash.0, vault.0)))
}

#[kr_route(get, "/both")]
#[locked("cash", "vault")]
fn both(vault: &Vault, cash: &Cash) -> Json<(u64, u64)> {
    Json((cash.0, vault.0))
}

#[kr_route(post, "/vault/audit")]
#[locked("cash", "vault")]
fn audit(cash: &Cash, vault: &mut Vault) -> Json<u64> {
    vault.0 = cash.0;
    Json(vault.0)
}

impl Bank {
    /// The bank with some cash, its server, and its store.
    pub(super) async fn open(cash: u64) -> (Self, SocketAddr, ManualStore) {
        let bank = Self {
            cash: Shared::new(Cash(cash)),
            vault: Shared::new(Vault(0)),
            accounts: SharedMap::new(),
        };
        let (store, control) = manual_store();
        let router = App::new("Bank", bank.clone())
            .store(store)
            .mount(routes![
                cash,
                cached_cash,
                pay_in,
                pay_in_async,
                refuse,
                look,
                pay_in_in_place,
                transfer,
                both,
                audit,
            ])
            .into_router();
        let address = serve(router.unwrap()).await;
        (bank, address, control)
    }

    /// Adds to the cash, in a task of its own.
    pub(super) fn pay_in(&self) -> JoinHandle<Result<u64, UpdateError>> {
        let bank = self.clone();
        tokio::spawn(async move {
            bank.update(|cash: &mut Cash| {
                cash.0 += 1;
                cash.0
            })
            .await
        })
    }

    /// What readers see of the cash, and its revision.
    pub(super) fn seen(&self) -> (u64, u64) {
        let cash = self.latest::<Cash>().unwrap();
        (cash.0, cash.revision())
    }
}

/// Whether a task or future is not done, given some time for it.
pub(crate) async fn is_waiting<F: Future>(future: Pin<&mut F>) -> bool {
    timeout(Duration::from_millis(50), future).await.is_err()
}
