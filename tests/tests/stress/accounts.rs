//! The keyed states of the stress test: for each key an account, and the number of its deposits under the same lock.

use crate::app::{Audit, Books, Ledger, LedgerView, panic_quietly};
use kr_runtime::prelude::*;
use kr_runtime::{Routes, UpdateError};
use std::time::Duration;
use tokio::time::sleep;

/// The accounts below this number exist from their first commit to the end.
pub(crate) const PERMANENT: usize = 8;

/// The accounts of the next numbers are created and removed again and again. Updates of all others fail.
pub(crate) const TEMPORARY: usize = 8;

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
pub(crate) struct Account {
    pub(crate) left: u64,
    pub(crate) commits: u64,
    pub(crate) right: u64,
}

#[derive(Debug, Clone, Default, SharedState)]
#[shared_state(lock = "account:{id}")]
pub(crate) struct Deposits(pub(crate) u64);

/// What a handler read or committed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AccountView {
    pub(crate) account: Account,
    deposits: u64,
    /// The ledger, if the handler used it as well.
    pub(crate) ledger: Option<LedgerView>,
}

impl Account {
    /// The first half of an update.
    pub(crate) fn begin(&mut self) {
        self.left += 1;
    }

    /// The second half.
    pub(crate) fn finish(&mut self) {
        self.commits += 1;
        self.right += 1;
    }

    /// Asserts that all fields come from one commit.
    pub(crate) fn assert_consistent(&self) {
        assert_eq!([self.left, self.right], [self.commits; 2], "a torn commit");
    }
}

impl AccountView {
    fn new(account: &Account, deposits: &Deposits) -> Self {
        Self {
            account: *account,
            deposits: deposits.0,
            ledger: None,
        }
    }

    pub(crate) fn assert_consistent(&self) {
        self.account.assert_consistent();
        assert_eq!(self.deposits, self.account.commits, "a torn commit");
    }
}

impl Books {
    /// Removes an account, unless the store does not keep that. Returns whether it did.
    pub(crate) async fn close(&self, number: u64) -> bool {
        match self.accounts.remove(&number).await {
            Ok(_) => true,
            Err(UpdateError::Commit(error)) => {
                assert!(error.outcome_is_known(), "{error}");
                false
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// At the end: once the temporary accounts are removed, only permanent ones exist, and only their locks.
    pub(crate) async fn assert_only_permanent_accounts(&self) {
        for number in PERMANENT..PERMANENT + TEMPORARY {
            while !self.close(number as u64).await {}
        }
        let mut keys = self.accounts.keys().await.unwrap();
        keys.sort_unstable();
        let permanent = keys.iter().all(|key| *key < PERMANENT as u64);
        assert!(permanent, "accounts that no commit created: {keys:?}");
        let mut names: Vec<_> = keys.iter().map(|key| format!("account:{key}")).collect();
        names.sort_unstable();
        let locks = self.accounts.locks();
        for lock in &locks {
            assert!(lock.holder.is_none() && lock.waiting == 0, "{lock:?}");
        }
        let locks: Vec<_> = locks.into_iter().map(|lock| lock.lock).collect();
        assert_eq!(locks, names, "a lock without an account is left");
        for (key, account) in self.accounts.entries().await.unwrap() {
            account.assert_consistent();
            // Revisions go on from those of accounts that were removed before this one was created.
            assert!(account.revision() >= account.commits, "of account {key}");
        }
    }
}

pub(crate) fn routes() -> Routes<Books> {
    routes![
        look,
        deposit,
        deposit_slowly,
        deposit_short_timeout,
        fail_deposit,
        panic_in_deposit,
        panic_in_deposit_slowly,
        book,
        book_reversed,
    ]
}

#[kr_route(get, "/account/{id}/look")]
#[locked("account:{id}")]
fn look(_id: u64, account: &Account, deposits: &Deposits) -> Json<AccountView> {
    Json(AccountView::new(account, deposits))
}

#[kr_route(post, "/account/{id}/deposit")]
#[locked("account:{id}")]
fn deposit(_id: u64, account: &mut Account, deposits: &mut Deposits) -> Json<AccountView> {
    account.begin();
    deposits.0 += 1;
    account.finish();
    Json(AccountView::new(account, deposits))
}

/// Also holds a keyed lock that guards no state.
#[kr_route(post, "/account/{id}/deposit-slowly/{counter}")]
#[locked("counter:{counter}", "account:{id}", exclusive)]
async fn deposit_slowly(
    _id: u64,
    _counter: u64,
    account: &mut Account,
    deposits: &mut Deposits,
) -> Json<AccountView> {
    account.begin();
    deposits.0 += 1;
    sleep(Duration::from_micros(100)).await;
    account.finish();
    Json(AccountView::new(account, deposits))
}

#[kr_route(post, "/account/{id}/deposit-short-timeout")]
#[locked("account:{id}", timeout = "1ms")]
fn deposit_short_timeout(
    _id: u64,
    account: &mut Account,
    deposits: &mut Deposits,
) -> Json<AccountView> {
    account.begin();
    deposits.0 += 1;
    account.finish();
    Json(AccountView::new(account, deposits))
}

#[kr_route(post, "/account/{id}/fail")]
#[locked("account:{id}")]
async fn fail_deposit(_id: u64, account: &mut Account) -> Result<Json<AccountView>, Problem> {
    account.begin();
    tokio::task::yield_now().await;
    Err(Problem::conflict("half done"))
}

#[kr_route(post, "/account/{id}/panic")]
#[locked("account:{id}")]
fn panic_in_deposit(_id: u64, account: &mut Account) -> StatusCode {
    account.begin();
    panic_quietly()
}

#[kr_route(post, "/account/{id}/panic-slowly")]
#[locked("account:{id}")]
async fn panic_in_deposit_slowly(_id: u64, account: &mut Account) -> StatusCode {
    account.begin();
    sleep(Duration::from_micros(50)).await;
    panic_quietly()
}

/// Under a keyed lock and a plain one.
#[kr_route(post, "/account/{id}/book/{client}")]
#[locked("account:{id}", "ledger")]
async fn book(
    _id: u64,
    client: usize,
    ledger: &mut Ledger,
    account: &mut Account,
    audit: &mut Audit,
    deposits: &mut Deposits,
) -> Json<AccountView> {
    ledger.begin(client);
    account.begin();
    tokio::task::yield_now().await;
    deposits.0 += 1;
    account.finish();
    ledger.finish(audit);
    Json(AccountView {
        ledger: Some(LedgerView::new(ledger, audit)),
        ..AccountView::new(account, deposits)
    })
}

#[kr_route(post, "/account/{id}/book-reversed/{client}")]
#[locked("ledger", "account:{id}")]
fn book_reversed(
    _id: u64,
    client: usize,
    account: &mut Account,
    deposits: &mut Deposits,
    ledger: &mut Ledger,
    audit: &mut Audit,
) -> Json<AccountView> {
    account.begin();
    ledger.begin(client);
    ledger.finish(audit);
    deposits.0 += 1;
    account.finish();
    Json(AccountView {
        ledger: Some(LedgerView::new(ledger, audit)),
        ..AccountView::new(account, deposits)
    })
}
