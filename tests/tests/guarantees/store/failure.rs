//! A commit that the store does not keep leaves nothing, and takes with it what was made on top of it.

use super::sample::{Bank, Cash, Vault, is_waiting};
use kr_runtime::prelude::*;
use kr_runtime::{CommitError, UpdateError};
use kr_tests::stores::manual_store;
use std::pin::pin;

fn not_written() -> UpdateError {
    UpdateError::Commit(CommitError::NotWritten {
        reason: "the disk is full".to_owned(),
    })
}

#[tokio::test]
async fn a_commit_that_is_not_kept_leaves_no_trace() {
    let (bank, _, mut store) = Bank::open(5).await;
    let update = bank.pay_in();
    store.next_batch().await;
    store.refuse();
    let error = update.await.unwrap().unwrap_err();
    assert_eq!(error, not_written());
    assert_eq!(bank.seen(), (5, 0));

    // Later updates work, and start from what is there.
    let update = bank.pay_in();
    store.keep_next().await;
    assert_eq!(update.await.unwrap(), Ok(6));
}

#[tokio::test]
async fn the_revision_of_a_failed_commit_is_never_used_again() {
    let (bank, _, mut store) = Bank::open(0).await;
    let update = bank.pay_in();
    assert_eq!(store.next_batch().await, [[("cash".to_owned(), 1)]]);
    store.refuse();
    update.await.unwrap().unwrap_err();
    let update = bank.pay_in();
    assert_eq!(store.keep_next().await, [[("cash".to_owned(), 2)]]);
    update.await.unwrap().unwrap();
    assert_eq!(bank.seen(), (1, 2));
}

#[tokio::test]
async fn commits_on_top_of_a_failed_one_fail_with_it_and_others_do_not() {
    let (bank, _, mut store) = Bank::open(0).await;
    let first = bank.pay_in();
    store.next_batch().await;
    let mut second = pin!(bank.pay_in());
    assert!(is_waiting(second.as_mut()).await);
    let mut other = pin!(bank.update(|vault: &mut Vault| vault.0 += 1));
    assert!(is_waiting(other.as_mut()).await);

    store.refuse();
    assert_eq!(first.await.unwrap(), Err(not_written()));
    assert_eq!(
        second.await.unwrap(),
        Err(UpdateError::Commit(CommitError::BaseNotWritten))
    );
    // The second was not given to the engine.
    assert_eq!(store.keep_next().await, [[("vault".to_owned(), 1)]]);
    other.await.unwrap();
    assert_eq!(bank.seen(), (0, 0));
}

#[tokio::test]
async fn a_commit_of_which_a_base_under_another_lock_failed_fails_with_it() {
    let (bank, address, mut store) = Bank::open(0).await;
    let first = bank.pay_in();
    store.next_batch().await;
    // It reads the cash that is not durable, and changes the vault.
    let mut client = kr_tests::Client::connect(address).await;
    let mut audit = pin!(client.post("/vault/audit"));
    assert!(is_waiting(audit.as_mut()).await);
    store.refuse();
    first.await.unwrap().unwrap_err();
    let _ = audit.await.problem(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(bank.latest::<Vault>().unwrap().0, 0);
    // The vault's head went with it.
    let update = tokio::spawn(async move {
        bank.update(|vault: &mut Vault| {
            vault.0 += 1;
            vault.0
        })
        .await
    });
    store.keep_next().await;
    assert_eq!(update.await.unwrap(), Ok(1));
}

#[tokio::test]
async fn a_roll_back_fails_with_the_commit_that_it_has_seen() {
    let (bank, _, mut store) = Bank::open(0).await;
    let first = bank.pay_in();
    store.next_batch().await;
    let mut rolled_back = pin!(bank.try_update(|cash: &mut Cash| {
        cash.0 += 1;
        Err::<(), UpdateError>(UpdateError::Lock(kr_runtime::LockError::EmptyKey))
    }));
    assert!(is_waiting(rolled_back.as_mut()).await);
    store.refuse();
    first.await.unwrap().unwrap_err();
    // Its own error was made from a value that never was.
    assert_eq!(
        rolled_back.await,
        Err(UpdateError::Commit(CommitError::BaseNotWritten))
    );
}

#[tokio::test]
async fn after_an_unknown_outcome_the_store_takes_no_more_changes() {
    let (bank, _, mut store) = Bank::open(5).await;
    let update = bank.pay_in();
    store.next_batch().await;
    store.lose();
    let error = update.await.unwrap().unwrap_err();
    let UpdateError::Commit(error) = error else {
        panic!("{error}")
    };
    assert!(!error.outcome_is_known(), "{error}");

    let closed = bank.pay_in().await.unwrap().unwrap_err();
    assert!(
        matches!(closed, UpdateError::Commit(CommitError::Closed { .. })),
        "{closed}"
    );
    assert_eq!(bank.seen(), (5, 0));
    assert_eq!(bank.read::<Cash>().await.unwrap().0, 5);
}

#[tokio::test]
async fn states_of_different_stores_cannot_be_committed_together() {
    let (one, _, _store) = Bank::open(0).await;
    let (other, _, _other_store) = Bank::open(0).await;
    let both = one.update_many((&one.cash, &other.vault), |_| ()).await;
    assert_eq!(both, Err(UpdateError::Commit(CommitError::DifferentStores)));
    // And a state stays in the store that it is in.
    let (store, _control) = manual_store();
    let error = App::new("Second", one).store(store).build().unwrap_err();
    assert!(
        error
            .to_string()
            .contains("state `Cash` is in another store already"),
        "{error}"
    );
}
