//! The accounts with kr, in whatever store.

use crate::account::{Account, Balance, Deposit};
use axum::Json;
use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "vault")]
struct Vault(Account);

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
struct KeyedAccount(Account);

#[derive(Host)]
pub(crate) struct Bank {
    vault: Shared<Vault>,
    accounts: SharedMap<u64, KeyedAccount>,
}

#[kr_route(post, "/vault")]
#[locked("vault")]
fn vault(vault: &mut Vault, Json(deposit): Json<Deposit>) -> Json<Balance> {
    Json(vault.0.deposit(&deposit))
}

#[kr_route(post, "/account/{id}")]
#[locked("account:{id}")]
fn account(account: &mut KeyedAccount, _id: u64, Json(deposit): Json<Deposit>) -> Json<Balance> {
    Json(account.0.deposit(&deposit))
}

pub(crate) fn app() -> App<Bank> {
    let bank = Bank {
        vault: Shared::new(Vault::default()),
        accounts: SharedMap::new(),
    };
    App::new("Bank", bank).mount(routes![vault, account])
}
