//! The keyed states in the storm: an account for each key, and its twin, which is under the same lock.

use crate::app::{Audit, Books, Ledger, Seen, panic_quietly};
use kr_runtime::prelude::*;
use kr_runtime::{LockError, Routes};
use std::time::Duration;
use tokio::time::sleep;

/// The accounts of these numbers stay to the end.
pub(crate) const LASTING: usize = 8;

/// Those of the next ones come and go. Changes of all others fail.
pub(crate) const PASSING: usize = 8;

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
pub(crate) struct Account {
    pub(crate) left: u64,
    pub(crate) commits: u64,
    pub(crate) right: u64,
}

#[derive(Debug, Clone, Default, SharedState)]
#[shared_state(lock = "account:{id}")]
pub(crate) struct Twin(pub(crate) u64);

/// What a handler saw, or made.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SeenAccount {
    pub(crate) account: Account,
    twin: u64,
    /// The ledger, if the handler had it, too.
    pub(crate) ledger: Option<Seen>,
}

impl Account {
    /// Half of a change.
    pub(crate) fn begin(&mut self) {
        self.left += 1;
    }

    /// The other half.
    pub(crate) fn finish(&mut self) {
        self.commits += 1;
        self.right += 1;
    }

    /// All of it comes from one commit.
    pub(crate) fn agrees(&self) {
        assert_eq!([self.left, self.right], [self.commits; 2], "half shows");
    }
}

impl SeenAccount {
    fn new(account: &Account, twin: &Twin) -> Self {
        Self {
            account: *account,
            twin: twin.0,
            ledger: None,
        }
    }

    pub(crate) fn agrees(&self) {
        self.account.agrees();
        assert_eq!(self.twin, self.account.commits, "half of a change shows");
    }
}

impl Books {
    /// Removes an account, and tells whether it was there.
    pub(crate) async fn close(&self, number: u64) -> Result<bool, LockError> {
        self.accounts.remove(&number).await
    }

    /// At the end: once those that pass are closed, there is no account, and no lock of one, but those that stay.
    pub(crate) async fn only_lasting_accounts_are_left(&self) {
        for number in LASTING..LASTING + PASSING {
            self.close(number as u64).await.unwrap();
        }
        let mut keys = self.accounts.keys();
        keys.sort_unstable();
        let lasting = keys.iter().all(|key| *key < LASTING as u64);
        assert!(lasting, "accounts are left that nobody opened: {keys:?}");
        let mut names: Vec<_> = keys.iter().map(|key| format!("account:{key}")).collect();
        names.sort_unstable();
        let locks = self.accounts.locks();
        for lock in &locks {
            assert!(lock.holder.is_none() && lock.waiting == 0, "{lock:?}");
        }
        let locks: Vec<_> = locks.into_iter().map(|lock| lock.lock).collect();
        assert_eq!(locks, names, "a lock without an account is left");
        for (key, account) in self.accounts.entries() {
            account.agrees();
            assert_eq!(account.revision(), account.commits, "of account {key}");
        }
    }
}

pub(crate) fn routes() -> Routes<Books> {
    routes![
        look,
        deposit,
        deposit_slowly,
        deposit_impatiently,
        refuse_deposit,
        panic_over_deposit,
        panic_over_deposit_slowly,
        book,
        book_reversed,
    ]
}

#[kr_route(get, "/account/{id}/look")]
#[locked("account:{id}")]
fn look(_id: u64, account: &Account, twin: &Twin) -> Json<SeenAccount> {
    Json(SeenAccount::new(account, twin))
}

#[kr_route(post, "/account/{id}/deposit")]
#[locked("account:{id}")]
fn deposit(_id: u64, account: &mut Account, twin: &mut Twin) -> Json<SeenAccount> {
    account.begin();
    twin.0 += 1;
    account.finish();
    Json(SeenAccount::new(account, twin))
}

/// With a lock that guards nothing, of which there are many, too.
#[kr_route(post, "/account/{id}/deposit-slowly/{desk}")]
#[locked("desk:{desk}", "account:{id}", only)]
async fn deposit_slowly(
    _id: u64,
    _desk: u64,
    account: &mut Account,
    twin: &mut Twin,
) -> Json<SeenAccount> {
    account.begin();
    twin.0 += 1;
    sleep(Duration::from_micros(100)).await;
    account.finish();
    Json(SeenAccount::new(account, twin))
}

#[kr_route(post, "/account/{id}/deposit-impatiently")]
#[locked("account:{id}", timeout = "1ms")]
fn deposit_impatiently(_id: u64, account: &mut Account, twin: &mut Twin) -> Json<SeenAccount> {
    account.begin();
    twin.0 += 1;
    account.finish();
    Json(SeenAccount::new(account, twin))
}

#[kr_route(post, "/account/{id}/refuse")]
#[locked("account:{id}")]
async fn refuse_deposit(_id: u64, account: &mut Account) -> Result<Json<SeenAccount>, Problem> {
    account.begin();
    tokio::task::yield_now().await;
    Err(Problem::conflict("half done"))
}

#[kr_route(post, "/account/{id}/panic")]
#[locked("account:{id}")]
fn panic_over_deposit(_id: u64, account: &mut Account) -> StatusCode {
    account.begin();
    panic_quietly()
}

#[kr_route(post, "/account/{id}/panic-slowly")]
#[locked("account:{id}")]
async fn panic_over_deposit_slowly(_id: u64, account: &mut Account) -> StatusCode {
    account.begin();
    sleep(Duration::from_micros(50)).await;
    panic_quietly()
}

/// Under a keyed lock and one that is always the same.
#[kr_route(post, "/account/{id}/book/{client}")]
#[locked("account:{id}", "ledger")]
async fn book(
    _id: u64,
    client: usize,
    ledger: &mut Ledger,
    account: &mut Account,
    audit: &mut Audit,
    twin: &mut Twin,
) -> Json<SeenAccount> {
    ledger.begin(client);
    account.begin();
    tokio::task::yield_now().await;
    twin.0 += 1;
    account.finish();
    ledger.finish(audit);
    Json(SeenAccount {
        ledger: Some(Seen::new(ledger, audit)),
        ..SeenAccount::new(account, twin)
    })
}

#[kr_route(post, "/account/{id}/book-reversed/{client}")]
#[locked("ledger", "account:{id}")]
fn book_reversed(
    _id: u64,
    client: usize,
    account: &mut Account,
    twin: &mut Twin,
    ledger: &mut Ledger,
    audit: &mut Audit,
) -> Json<SeenAccount> {
    account.begin();
    ledger.begin(client);
    ledger.finish(audit);
    twin.0 += 1;
    account.finish();
    Json(SeenAccount {
        ledger: Some(Seen::new(ledger, audit)),
        ..SeenAccount::new(account, twin)
    })
}
