//! The routes of the programs that are written by hand.

use crate::Result;
use crate::account::Deposit;
use axum::Router;
use axum::extract::{Json, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::ListenerExt;
use std::io::Write;
use tokio::net::TcpListener;

/// The vault is the account with this number.
const VAULT: u64 = 0;

/// What keeps the accounts.
pub(crate) trait Accounts: Clone + Send + Sync + 'static {
    /// Changes an account, which is made if it is not there. Returns the JSON of its balance once the change is durable.
    fn deposit(&self, id: u64, deposit: Deposit) -> impl Future<Output = Result<Vec<u8>>> + Send;
}

async fn vault<A: Accounts>(State(accounts): State<A>, Json(deposit): Json<Deposit>) -> Response {
    respond(accounts.deposit(VAULT, deposit).await)
}

async fn account<A: Accounts>(
    State(accounts): State<A>,
    Path(id): Path<u64>,
    Json(deposit): Json<Deposit>,
) -> Response {
    respond(accounts.deposit(id, deposit).await)
}

fn respond(balance: Result<Vec<u8>>) -> Response {
    match balance {
        Ok(balance) => ([(header::CONTENT_TYPE, "application/json")], balance).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

pub(crate) async fn run<A: Accounts>(accounts: A) -> Result<()> {
    let router = Router::new()
        .route("/vault", post(vault::<A>))
        .route("/account/{id}", post(account::<A>))
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
