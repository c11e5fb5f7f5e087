//! The accounts with kr.

use crate::{Deposit, Result, Transfer, direct};
use axum::Json;
use kr_runtime::prelude::*;
use kr_runtime::{PostgresOptions, SharedMap, UpdateError};
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account {
    balance: i64,
}

#[derive(Host)]
struct Bank {
    accounts: SharedMap<u64, Account>,
}

#[kr_route(post, "/accounts/{id}")]
#[locked("account:{id}")]
fn deposit(account: &mut Account, _id: u64, Json(deposit): Json<Deposit>) -> Json<Value> {
    account.balance += deposit.amount;
    Json(json!({ "balance": account.balance }))
}

#[kr_route(post, "/transfers")]
#[locked(from = "account:{transfer.from}", to = "account:{transfer.to}")]
fn transfer(from: &mut Account, to: &mut Account, Json(transfer): Json<Transfer>) -> Json<Value> {
    from.balance -= transfer.amount;
    to.balance += transfer.amount;
    Json(json!({ "from": from.balance, "to": to.balance }))
}

#[kr_route(get, "/accounts/{id}")]
#[locked("account:{id}")]
fn balance(account: &Account, _id: u64) -> Json<Value> {
    Json(json!({ "balance": account.balance }))
}

pub(crate) async fn run(url: &str) -> Result<()> {
    let bank = Bank {
        accounts: SharedMap::new(),
    };
    let mut options = PostgresOptions::new();
    if let Ok(calls) = std::env::var("BATCH_CALLS") {
        options = options.batch_calls(calls.parse()?);
    }
    if std::env::var_os("PREPARED").is_some() {
        options = options.prepared_statements(true);
    }
    let app = App::new("Bank", bank).store(options.connect(url)?);
    let Some(load) = direct::Load::from_env()? else {
        let app = app.mount(routes![deposit, transfer, balance]);
        return Ok(app.run().await?);
    };
    let bank = app.host();
    let _server = app.endpoint(0).build()?;
    let reads = load.reads;
    let call = move |id| {
        let bank = Arc::clone(&bank);
        async move {
            if reads {
                return Ok(bank.accounts.read(&id).await.map(drop)?);
            }
            let changed: Result<(), UpdateError> = bank
                .accounts
                .update(&id, |account| account.balance += 5)
                .await;
            Ok(changed?)
        }
    };
    load.run(call).await
}
