//! More instances than memory has room for, and lists of them.

use crate::under_test::{Place, UnderTest, on_every_durable_store};
use std::time::Duration;

on_every_durable_store! {
    instances_leave_memory_and_come_back
    an_instance_that_is_in_use_stays
    changes_and_lists_at_once_see_every_answered_commit
}

async fn instances_leave_memory_and_come_back(place: Place) {
    let test = UnderTest::start_with(place, |app| app.instance_memory(100_000));
    let accounts = &test.bank.accounts;
    for key in 0..1000 {
        let change = accounts.update(&key, move |account| {
            account.balance = key as i64;
            account.owner = "x".repeat(100);
        });
        change.await.unwrap();
    }
    // Eviction runs beside us.
    for _ in 0..100 {
        if accounts.locks().len() < 300 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let in_memory = accounts.locks().len();
    assert!(in_memory < 300, "{in_memory} are in memory");
    for key in (0..1000).rev() {
        let account = accounts.get(&key).await.unwrap().expect("the account");
        assert_eq!((account.balance, account.revision()), (key as i64, 1));
        accounts
            .update(&key, |account| account.balance += 1)
            .await
            .unwrap();
    }
    assert_eq!(accounts.len().await.unwrap(), 1000);
    let sum: i64 = accounts
        .entries()
        .await
        .unwrap()
        .iter()
        .map(|(_, account)| account.balance)
        .sum();
    assert_eq!(sum, (1..=1000).sum::<i64>());
}

async fn an_instance_that_is_in_use_stays(place: Place) {
    let test = UnderTest::start_with(place, |app| app.instance_memory(0));
    let accounts = &test.bank.accounts;
    accounts
        .update(&1, |account| account.balance = 1)
        .await
        .unwrap();
    let mut subscription = accounts.subscribe(&1);
    for key in 2..200 {
        accounts
            .update(&key, |account| account.balance = 1)
            .await
            .unwrap();
    }
    accounts
        .update(&1, |account| account.balance = 2)
        .await
        .unwrap();
    let changed = subscription.changed().await.unwrap().expect("a value");
    assert_eq!(changed.balance, 2);
}

async fn changes_and_lists_at_once_see_every_answered_commit(place: Place) {
    let test = UnderTest::start_with(place, |app| app.instance_memory(20_000));
    let accounts = test.bank.accounts.clone();
    let writer = {
        let accounts = accounts.clone();
        tokio::spawn(async move {
            for key in 0..300_u64 {
                accounts
                    .update(&key, |account| account.balance = 1)
                    .await
                    .unwrap();
                if key % 3 == 0 {
                    accounts.remove(&key).await.unwrap();
                }
                let keys = accounts.keys().await.unwrap();
                assert_eq!(keys.contains(&key), key % 3 != 0, "{key}");
                let page = accounts.page(key.checked_sub(1).as_ref(), 1).await.unwrap();
                let first = page.entries.first().map(|(key, _)| *key);
                assert_eq!(first, (key % 3 != 0).then_some(key));
            }
        })
    };
    writer.await.unwrap();
    assert_eq!(accounts.len().await.unwrap(), 200);
}
