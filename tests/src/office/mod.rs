//! An application that writes all the time, for tests that end it at any moment and then look at what its store has.
//!
//! Everything that it is answered, it reports as an [`Event`]; [`Expected`] is what must be there after that.

mod event;
mod expected;
mod work;

pub use event::Event;
pub use expected::Expected;
pub use work::work;

use axum::Router;
use kr_runtime::prelude::*;
use kr_runtime::{Counter, Durable, SharedMap, Store};
use kr_tests::Client;
use std::net::SocketAddr;
use std::sync::Arc;

/// A state that everybody changes.
#[derive(Clone, Debug, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page")]
pub struct Page {
    /// How often it was changed. It is its revision, too.
    pub changes: u64,
    /// Counted without a change.
    pub visits: Counter,
}

/// What is changed at most once for each key of a request.
#[derive(Clone, Debug, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "orders")]
pub struct Orders {
    /// How many there are.
    pub count: u64,
}

/// A state with an instance for each key. Transfers change two of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
pub struct Account {
    /// The sum over all accounts is 0.
    pub balance: i64,
    /// How often it was changed. It is its revision, too.
    pub changes: u64,
    /// Whatever the test wants.
    pub note: String,
}

/// Instances that are made and removed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "ticket:{id}")]
pub struct Ticket {
    /// The key.
    pub number: u64,
}

/// The states.
#[derive(Host)]
pub struct Office {
    /// Changed by everybody.
    pub page: Shared<Page>,
    /// Changed by requests that may be repeated.
    pub orders: Shared<Orders>,
    /// Changed two at a time.
    pub accounts: SharedMap<u64, Account>,
    /// Made and removed.
    pub tickets: SharedMap<u64, Ticket>,
}

#[kr_route(post, "/orders", idempotent)]
#[locked("orders")]
fn order(orders: &mut Orders) -> Json<u64> {
    orders.count += 1;
    Json(orders.count)
}

#[kr_route(get, "/page")]
#[locked("page")]
fn page(page: &Page) -> Json<u64> {
    Json(page.changes)
}

#[kr_route(post, "/page")]
#[locked("page")]
fn change_page(page: &mut Page) -> Json<u64> {
    page.changes += 1;
    Json(page.changes)
}

#[kr_route(get, "/accounts/{id}")]
#[locked("account:{id}")]
fn account(id: u64, account: &Account) -> Json<&Account> {
    let _ = id;
    Json(account)
}

#[kr_route(post, "/accounts/{id}")]
#[locked("account:{id}")]
fn change_account(id: u64, account: &mut Account, note: String) -> Json<u64> {
    let _ = id;
    account.changes += 1;
    account.note = note;
    Json(account.changes)
}

/// The application over a store, and a server for it.
pub struct Running {
    /// Its states.
    pub office: Arc<Office>,
    /// Where it listens.
    pub address: SocketAddr,
    // What it serves ends with this.
    server: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Starts the application.
    ///
    /// # Errors
    /// If the store has something that cannot be read.
    pub async fn start(store: Store<Durable>) -> Result<Self, String> {
        Self::start_with(store, |app| app).await
    }

    /// As [`start`](Self::start), with other settings.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_with(
        store: Store<Durable>,
        change: impl FnOnce(App<Office>) -> App<Office>,
    ) -> Result<Self, String> {
        let office = Office {
            page: Shared::new(Page {
                changes: 0,
                visits: Counter::new(0),
            }),
            orders: Shared::new(Orders::default()),
            accounts: SharedMap::new(),
            tickets: SharedMap::new(),
        };
        let app = change(App::new("Office", office).store(store));
        let office = app.host();
        let app = app.mount(routes![order, page, change_page, account, change_account]);
        let router = app.into_router().map_err(|error| error.to_string())?;
        let (address, server) = serve_until_dropped(router).await;
        Ok(Self {
            office,
            address,
            server,
        })
    }

    /// A client of it.
    pub async fn client(&self) -> Client {
        Client::connect(self.address).await
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve_until_dropped(router: Router) -> (SocketAddr, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let server = tokio::spawn(async move {
        let _ = axum::serve(listener, router).await;
    });
    (address, server)
}
