//! The routes of the programs that are written by hand.

use crate::{Deposit, Result, Transfer, direct};
use axum::Router;
use axum::extract::{Json, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use serde_json::json;
use std::io::Write;
use tokio::net::TcpListener;
use tokio_postgres::NoTls;

/// What changes the accounts.
pub(crate) trait Accounts: Clone + Send + Sync + 'static {
    /// Pays in. Returns the balance.
    fn deposit(&self, id: u64, amount: i64) -> impl Future<Output = Result<i64>> + Send;

    /// Moves money from one account to another. Returns both balances.
    fn transfer(
        &self,
        from: u64,
        to: u64,
        amount: i64,
    ) -> impl Future<Output = Result<(i64, i64)>> + Send;

    /// The balance.
    fn balance(&self, id: u64) -> impl Future<Output = Result<i64>> + Send;
}

/// The pool of one program, and the table.
pub(crate) async fn pool(url: &str) -> Result<Pool> {
    let manager = Manager::from_config(
        url.parse()?,
        NoTls,
        ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        },
    );
    let pool = Pool::builder(manager).max_size(32).build()?;
    let table = "CREATE TABLE IF NOT EXISTS account \
        (id bigint PRIMARY KEY, balance bigint NOT NULL, version bigint NOT NULL) WITH (fillfactor = 70)";
    // Another process may make it at the same time.
    let _ = pool.get().await?.batch_execute(table).await;
    Ok(pool)
}

pub(crate) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or_default()
}

fn respond<T: serde::Serialize>(result: Result<T>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn deposit<A: Accounts>(
    State(accounts): State<A>,
    Path(id): Path<u64>,
    Json(deposit): Json<Deposit>,
) -> Response {
    let balance = accounts.deposit(id, deposit.amount).await;
    respond(balance.map(|balance| json!({ "balance": balance })))
}

async fn transfer<A: Accounts>(
    State(accounts): State<A>,
    Json(transfer): Json<Transfer>,
) -> Response {
    let Transfer { from, to, amount } = transfer;
    let balances = accounts.transfer(from, to, amount).await;
    respond(balances.map(|(from, to)| json!({ "from": from, "to": to })))
}

async fn balance<A: Accounts>(State(accounts): State<A>, Path(id): Path<u64>) -> Response {
    let balance = accounts.balance(id).await;
    respond(balance.map(|balance| json!({ "balance": balance })))
}

pub(crate) async fn run<A: Accounts>(accounts: A) -> Result<()> {
    if let Some(load) = direct::Load::from_env()? {
        let reads = load.reads;
        let call = move |id| {
            let accounts = accounts.clone();
            async move {
                match reads {
                    true => accounts.balance(id).await.map(drop),
                    false => accounts.deposit(id, 5).await.map(drop),
                }
            }
        };
        return load.run(call).await;
    }
    let router = Router::new()
        .route("/accounts/{id}", post(deposit::<A>))
        .route("/accounts/{id}", get(balance::<A>))
        .route("/transfers", post(transfer::<A>))
        .with_state(accounts);
    let port = std::env::var("PORT").unwrap_or_else(|_| "5000".into());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "Bank listening on http://{}", listener.local_addr()?)?;
    out.flush()?;
    drop(out);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}
