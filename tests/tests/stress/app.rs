//! The application under stress. Every commit increments all fields of a lock's states, and the handlers yield between the
//! halves of an update.

use crate::accounts::{self, Account, Deposits};
use kr_runtime::SharedMap;
use kr_runtime::prelude::*;
use std::panic::resume_unwind;
use std::time::Duration;
use tokio::time::sleep;

pub(crate) const CLIENTS: usize = 24;

#[derive(Debug, Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "ledger")]
pub(crate) struct Ledger {
    pub(crate) left: u64,
    pub(crate) by_client: [u64; CLIENTS],
    pub(crate) commits: u64,
    pub(crate) right: u64,
}

/// Under the same lock.
#[derive(Debug, Clone, Default, SharedState)]
#[shared_state(lock = "ledger")]
pub(crate) struct Audit(pub(crate) u64);

/// Under a lock of its own.
#[derive(Debug, Clone, Default, SharedState)]
#[shared_state(lock = "other")]
pub(crate) struct Other {
    pub(crate) commits: u64,
    pub(crate) mirror: u64,
}

#[derive(Clone, Host)]
pub(crate) struct Books {
    pub(crate) ledger: Shared<Ledger>,
    pub(crate) audit: Shared<Audit>,
    pub(crate) other: Shared<Other>,
    pub(crate) accounts: SharedMap<u64, Account>,
    pub(crate) deposits: SharedMap<u64, Deposits>,
}

/// What a handler read or committed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LedgerView {
    pub(crate) ledger: Ledger,
    pub(crate) audit: u64,
    /// The commits of the other lock, if the handler held it.
    pub(crate) other: Option<u64>,
}

impl Books {
    pub(crate) fn new() -> Self {
        Self {
            ledger: Shared::new(Ledger::default()),
            audit: Shared::new(Audit(0)),
            other: Shared::new(Other::default()),
            accounts: SharedMap::new(),
            deposits: SharedMap::new(),
        }
    }

    pub(crate) fn app(&self) -> App<Self> {
        let app = App::new("Books", self.clone()).mount(routes![
            seen,
            add,
            add_slowly,
            short_timeout,
            fail,
            fail_slowly,
            panic,
            panic_slowly,
            never_ends,
            both,
            both_reversed,
            other_alone,
        ]);
        app.mount(accounts::routes())
    }
}

impl Ledger {
    /// The first half of an update.
    pub(crate) fn begin(&mut self, client: usize) {
        self.left += 1;
        self.by_client[client] += 1;
    }

    /// The second half.
    pub(crate) fn finish(&mut self, audit: &mut Audit) {
        self.commits += 1;
        audit.0 += 1;
        self.right += 1;
    }
}

impl Other {
    pub(crate) fn change(&mut self) {
        self.commits += 1;
        self.mirror += 1;
    }
}

impl LedgerView {
    pub(crate) fn new(ledger: &Ledger, audit: &Audit) -> Self {
        Self {
            ledger: ledger.clone(),
            audit: audit.0,
            other: None,
        }
    }

    /// Asserts that all fields come from one commit.
    pub(crate) fn assert_consistent(&self) {
        let Ledger {
            left,
            by_client,
            commits,
            right,
        } = &self.ledger;
        let of_all: u64 = by_client.iter().sum();
        let together = [left, &of_all, right, &self.audit];
        assert_eq!(together, [commits; 4], "a torn commit");
    }
}

#[kr_route(get, "/seen")]
#[locked("ledger")]
fn seen(ledger: &Ledger, audit: &Audit) -> Json<LedgerView> {
    Json(LedgerView::new(ledger, audit))
}

#[kr_route(post, "/add/{client}")]
#[locked("ledger")]
fn add(client: usize, ledger: &mut Ledger, audit: &mut Audit) -> Json<LedgerView> {
    ledger.begin(client);
    ledger.finish(audit);
    Json(LedgerView::new(ledger, audit))
}

#[kr_route(post, "/add-slowly/{client}")]
#[locked("ledger")]
async fn add_slowly(client: usize, ledger: &mut Ledger, audit: &mut Audit) -> Json<LedgerView> {
    ledger.begin(client);
    sleep(Duration::from_micros(100)).await;
    ledger.finish(audit);
    Json(LedgerView::new(ledger, audit))
}

#[kr_route(post, "/short-timeout/{client}")]
#[locked("ledger", timeout = "1ms")]
fn short_timeout(client: usize, ledger: &mut Ledger, audit: &mut Audit) -> Json<LedgerView> {
    ledger.begin(client);
    ledger.finish(audit);
    Json(LedgerView::new(ledger, audit))
}

#[kr_route(post, "/fail/{client}")]
#[locked("ledger")]
fn fail(client: usize, ledger: &mut Ledger) -> Result<Json<LedgerView>, Problem> {
    ledger.begin(client);
    Err(Problem::conflict("half done"))
}

#[kr_route(post, "/fail-slowly/{client}")]
#[locked("ledger")]
async fn fail_slowly(client: usize, ledger: &mut Ledger) -> Result<Json<LedgerView>, Problem> {
    ledger.begin(client);
    tokio::task::yield_now().await;
    Err(Problem::conflict("half done"))
}

/// Panics without a message on standard error: it happens thousands of times.
pub(crate) fn panic_quietly() -> ! {
    resume_unwind(Box::new("half done"))
}

#[kr_route(post, "/panic/{client}")]
#[locked("ledger")]
fn panic(client: usize, ledger: &mut Ledger) -> StatusCode {
    ledger.begin(client);
    panic_quietly()
}

#[kr_route(post, "/panic-slowly/{client}")]
#[locked("ledger")]
async fn panic_slowly(client: usize, ledger: &mut Ledger) -> StatusCode {
    ledger.begin(client);
    tokio::task::yield_now().await;
    panic_quietly()
}

#[kr_route(post, "/never-ends/{client}")]
#[locked("ledger", hold_timeout = "2ms")]
async fn never_ends(client: usize, ledger: &mut Ledger) -> StatusCode {
    ledger.begin(client);
    std::future::pending().await
}

#[kr_route(post, "/both/{client}")]
#[locked("ledger", "other")]
async fn both(
    client: usize,
    ledger: &mut Ledger,
    other: &mut Other,
    audit: &mut Audit,
) -> Json<LedgerView> {
    ledger.begin(client);
    other.change();
    tokio::task::yield_now().await;
    ledger.finish(audit);
    let other = Some(other.commits);
    Json(LedgerView {
        other,
        ..LedgerView::new(ledger, audit)
    })
}

#[kr_route(post, "/both-reversed/{client}")]
#[locked("other", "ledger")]
fn both_reversed(
    client: usize,
    other: &mut Other,
    audit: &mut Audit,
    ledger: &mut Ledger,
) -> Json<LedgerView> {
    other.change();
    ledger.begin(client);
    ledger.finish(audit);
    let other = Some(other.commits);
    Json(LedgerView {
        other,
        ..LedgerView::new(ledger, audit)
    })
}

#[kr_route(post, "/other")]
#[locked("other")]
async fn other_alone(other: &mut Other) -> Json<u64> {
    other.commits += 1;
    tokio::task::yield_now().await;
    other.mirror += 1;
    Json(other.commits)
}
