//! All states at once: taken at one moment, and put back as one change.

use crate::sample::{Account, Bank, Page, Rates};
use crate::under_test::{UnderTest, on_every_store};
use kr_runtime::prelude::*;
use kr_runtime::{HostSnapshotError, Restored};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

on_every_store! {
    what_was_taken_comes_back_and_revisions_go_on
    a_commit_since_the_preview_refuses_the_restore
    a_snapshot_is_of_one_moment
    a_snapshot_of_another_host_takes_the_place_of_what_was_there
}

async fn open(bank: &Bank, id: u64, balance: i64) {
    let change = move |account: &mut Account| account.balance = balance;
    bank.accounts.update(&id, change).await.unwrap();
}

async fn filled(test: &UnderTest) {
    let change = |page: &mut Page| {
        page.title = "taken".to_owned();
        page.visits.add(3).unwrap();
    };
    test.bank.update(change).await.unwrap();
    for id in 1..=3 {
        open(&test.bank, id, 10).await;
    }
}

async fn restore(bank: &Bank, document: &str) -> std::result::Result<Restored, HostSnapshotError> {
    let snapshot = bank.read_snapshot(document.as_bytes())?;
    let preview = bank.preview_restore(snapshot).await?;
    bank.restore_all(preview).await
}

async fn what_was_taken_comes_back_and_revisions_go_on(test: UnderTest) {
    filled(&test).await;
    let bank = &test.bank;
    let snapshot = bank.snapshot().await.unwrap();
    for document in [snapshot.to_json().unwrap(), snapshot.to_clixml().unwrap()] {
        bank.update(|page: &mut Page| page.title = "changed".to_owned())
            .await
            .unwrap();
        bank.accounts.remove(&1).await.unwrap();
        open(bank, 2, 20).await;
        open(bank, 4, 40).await;
        let before = bank.read::<Page>().await.unwrap().revision();
        let restored = restore(bank, &document).await.unwrap();
        assert_eq!(
            (restored.states, restored.instances, restored.removed),
            (3, 3, 1)
        );
        let page = bank.read::<Page>().await.unwrap();
        assert_eq!((page.title.as_str(), page.visits.get()), ("taken", 3));
        assert!(page.revision() > before);
        assert_eq!(bank.accounts.keys().await.unwrap(), [1, 2, 3]);
        assert_eq!(bank.accounts.read(&2).await.unwrap().balance, 10);
    }
}

async fn a_commit_since_the_preview_refuses_the_restore(test: UnderTest) {
    filled(&test).await;
    let bank = &test.bank;
    let document = bank.snapshot().await.unwrap().to_json().unwrap();
    let preview = async || {
        let snapshot = bank.read_snapshot(document.as_bytes()).unwrap();
        bank.preview_restore(snapshot).await.unwrap()
    };
    let late = preview().await;
    bank.update(|rates: &mut Rates| rates.values.push(None))
        .await
        .unwrap();
    let error = bank.restore_all(late).await.unwrap_err();
    assert!(
        matches!(&error, HostSnapshotError::Moved { place } if place == "page"),
        "{error}"
    );
    let late = preview().await;
    open(bank, 9, 90).await;
    let error = bank.restore_all(late).await.unwrap_err();
    assert!(matches!(&error, HostSnapshotError::Moved { .. }), "{error}");
    assert_eq!(bank.read::<Rates>().await.unwrap().values, [None]);
    assert_eq!(bank.accounts.keys().await.unwrap(), [1, 2, 3, 9]);
}

/// Money goes from one account to another, and accounts are made for it.
async fn a_snapshot_is_of_one_moment(test: UnderTest) {
    let is_over = Arc::new(AtomicBool::new(false));
    let (bank, over) = (Arc::clone(&test.bank), Arc::clone(&is_over));
    let writer = tokio::spawn(async move {
        for number in 0_u64.. {
            if over.load(Ordering::Relaxed) {
                break;
            }
            let accounts = (
                bank.accounts.at(&(number % 7)),
                bank.accounts.at(&(7 + number % 50)),
            );
            let transfer = |(from, to): (&mut Account, &mut Account)| {
                from.balance -= 1;
                to.balance += 1;
            };
            bank.update_many(accounts, transfer).await.unwrap();
        }
    });
    for _ in 0..20 {
        let document = test.bank.snapshot().await.unwrap().to_json().unwrap();
        let document: Value = serde_json::from_str(&document).unwrap();
        let accounts = document["states"]["Account"]["instances"].as_array();
        let balances = accounts.unwrap().iter();
        let balances = balances.map(|it| it["value"]["balance"].as_i64().unwrap());
        assert_eq!(balances.sum::<i64>(), 0);
    }
    is_over.store(true, Ordering::Relaxed);
    writer.await.unwrap();
}

async fn a_snapshot_of_another_host_takes_the_place_of_what_was_there(test: UnderTest) {
    let other = UnderTest::memory();
    for id in 0..50 {
        open(&other.bank, id, 7).await;
    }
    let document = other.bank.snapshot().await.unwrap().to_clixml().unwrap();
    for id in 40..60 {
        open(&test.bank, id, 1).await;
    }
    let restored = restore(&test.bank, &document).await.unwrap();
    assert_eq!((restored.instances, restored.removed), (50, 10));
    let again = test.bank.snapshot().await.unwrap();
    assert_eq!(again.values(), 53);
    assert_eq!(test.bank.accounts.read(&45).await.unwrap().balance, 7);
}
