//! A bank: money moves between two accounts, or does not.
//!
//! ```console
//! KR_STORE=file:bank.kr cargo run --example bank
//! curl -X PUT localhost:5000/accounts/ann -H 'content-type: application/json' -d '{"balance": 500}'
//! ```
//!
//! Without `KR_STORE` the accounts are in memory, and gone when the program ends. `KR_STORE=postgres://user@host/database` keeps
//! them in PostgreSQL, which any number of these programs may share.

use kr_runtime::axum::extract::Query;
use kr_runtime::prelude::*;
use kr_runtime::{Instances, LockKey, OpenApi, Operations, SharedMap, Store};
use schemars::JsonSchema;

/// An account, under a lock of its own.
#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account {
    /// In cents.
    balance: i64,
}

/// 1 to 32 of `a-z`, `0-9` and `-`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, LockKey)]
#[serde(try_from = "String")]
#[schemars(extend("pattern" = "^[a-z0-9-]{1,32}$"))]
struct AccountId(String);

impl TryFrom<String> for AccountId {
    type Error = &'static str;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        let is_valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        match (1..=32).contains(&id.len()) && id.chars().all(is_valid) {
            true => Ok(Self(id)),
            false => Err("the id of an account is 1 to 32 of `a-z`, `0-9` and `-`"),
        }
    }
}

#[derive(Host)]
struct Bank {
    accounts: SharedMap<AccountId, Account>,
}

/// An account, as clients see it.
#[derive(Serialize, JsonSchema)]
struct View {
    id: AccountId,
    balance: i64,
}

impl View {
    fn of(id: AccountId, account: &Account) -> Self {
        let balance = account.balance;
        Self { id, balance }
    }
}

fn missing(id: &AccountId) -> Problem {
    Problem::not_found(format!("there is no account `{}`", id.0))
}

#[derive(Deserialize, JsonSchema)]
struct Opening {
    #[schemars(range(min = 0))]
    balance: i64,
}

#[kr_route(put, "/accounts/{id}")]
#[locked("account:{id}")]
fn open(
    id: AccountId,
    account: &mut Option<Account>,
    Json(Opening { balance }): Json<Opening>,
) -> Result<(StatusCode, Json<View>), Problem> {
    if balance < 0 {
        return Err(Problem::bad_request("`balance` must not be negative"));
    }
    if account.is_some() {
        let detail = format!("there is an account `{}` already", id.0);
        return Err(Problem::conflict(detail));
    }
    let opened = account.insert(Account { balance });
    Ok((StatusCode::CREATED, Json(View::of(id, opened))))
}

/// With `Accept: text/event-stream`, the same JSON again after every commit.
#[kr_route(get, "/accounts/{id}", live)]
#[locked("account:{id}")]
fn show(id: AccountId, account: Option<&Account>) -> Result<Json<View>, Problem> {
    let account = account.ok_or_else(|| missing(&id))?;
    Ok(Json(View::of(id, account)))
}

#[derive(Deserialize, JsonSchema)]
struct List {
    after: Option<AccountId>,
    #[schemars(range(min = 1, max = 1000))]
    limit: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct Page {
    accounts: Vec<View>,
    next: Option<AccountId>,
    /// Accounts whose values in the store are damaged, if there are any: they hide no others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unreadable: Vec<AccountId>,
}

#[kr_route(get, "/accounts")]
#[locked("account:*")]
async fn list(
    accounts: &Instances<AccountId, Account>,
    Query(List { after, limit }): Query<List>,
) -> Result<Json<Page>, Problem> {
    let limit = limit.unwrap_or(100);
    if !(1..=1000).contains(&limit) {
        return Err(Problem::bad_request("`limit` must be from 1 to 1000"));
    }
    let page = accounts.page(after.as_ref(), limit).await?;
    let accounts = page.entries.into_iter();
    let unreadable = page.unreadable.into_iter();
    Ok(Json(Page {
        accounts: accounts
            .map(|(id, account)| View::of(id, &account))
            .collect(),
        next: page.next,
        unreadable: unreadable.map(|(id, _reason)| id).collect(),
    }))
}

#[derive(Deserialize, JsonSchema)]
struct Deposit {
    #[schemars(range(min = 1))]
    amount: i64,
}

/// With an `Idempotency-Key`, a client may send its request again: the money is paid in once.
#[kr_route(post, "/accounts/{id}/deposits", idempotent)]
#[locked("account:{id}")]
fn deposit(
    id: AccountId,
    account: &mut Option<Account>,
    Json(Deposit { amount }): Json<Deposit>,
) -> Result<Json<View>, Problem> {
    check_amount(amount)?;
    let account = account.as_mut().ok_or_else(|| missing(&id))?;
    pay_in(account, amount)?;
    Ok(Json(View::of(id, account)))
}

#[derive(Deserialize, JsonSchema)]
struct Transfer {
    from: AccountId,
    to: AccountId,
    #[schemars(range(min = 1))]
    amount: i64,
}

#[derive(Serialize, JsonSchema)]
struct Transferred {
    from: View,
    to: View,
}

/// Holds the locks of both accounts. The same account twice is refused with 400 before the function runs.
#[kr_route(post, "/transfers", idempotent)]
#[locked(from = "account:{transfer.from}", to = "account:{transfer.to}")]
fn transfer(
    from: &mut Option<Account>,
    to: &mut Option<Account>,
    Json(transfer): Json<Transfer>,
) -> Result<Json<Transferred>, Problem> {
    check_amount(transfer.amount)?;
    let from = from.as_mut().ok_or_else(|| missing(&transfer.from))?;
    let to = to.as_mut().ok_or_else(|| missing(&transfer.to))?;
    if from.balance < transfer.amount {
        return Err(Problem::conflict("there is not enough money"));
    }
    from.balance -= transfer.amount;
    pay_in(to, transfer.amount)?;
    Ok(Json(Transferred {
        from: View::of(transfer.from, from),
        to: View::of(transfer.to, to),
    }))
}

#[kr_route(delete, "/accounts/{id}")]
#[locked("account:{id}")]
fn close(id: AccountId, account: &mut Option<Account>) -> Result<StatusCode, Problem> {
    match account.take() {
        None => Err(missing(&id)),
        // The error rolls back, so the account stays.
        Some(account) if account.balance != 0 => {
            Err(Problem::conflict("there is money in the account"))
        }
        Some(_) => Ok(StatusCode::NO_CONTENT),
    }
}

fn check_amount(amount: i64) -> Result<(), Problem> {
    match amount > 0 {
        true => Ok(()),
        false => Err(Problem::bad_request("`amount` must be greater than 0")),
    }
}

fn pay_in(account: &mut Account, amount: i64) -> Result<(), Problem> {
    let too_much = Problem::conflict("the account cannot hold so much");
    account.balance = account.balance.checked_add(amount).ok_or(too_much)?;
    Ok(())
}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    let bank = Bank {
        accounts: SharedMap::new(),
    };
    App::new("Bank", bank)
        .store(Store::from_env()?)
        .mount(routes![open, show, list, deposit, transfer, close])
        .allowed_hosts(["localhost", "127.0.0.1", "[::1]"])
        .same_site()
        .openapi(OpenApi::new(env!("CARGO_PKG_VERSION"))) // at /openapi.json, and a page at /docs
        .operations(Operations::from_env()) // at KR_OPERATIONS, if that is set
        .run()
        .await
}
