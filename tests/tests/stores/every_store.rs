//! What holds on every store.

use crate::sample::{Account, Cache, Page, Rates};
use crate::under_test::{UnderTest, on_every_store};
use kr_runtime::UpdateError;
use kr_runtime::prelude::*;

on_every_store! {
    a_change_is_seen_by_the_next_read
    a_change_that_fails_leaves_nothing
    states_of_one_lock_change_together
    an_instance_is_made_changed_and_removed
    a_key_that_was_only_read_is_not_there
    no_update_is_lost
    no_transfer_is_half_done
    lists_are_in_the_order_of_the_keys
    a_counter_counts_at_once
    an_instance_is_made_once
}

async fn a_change_is_seen_by_the_next_read(test: UnderTest) {
    for number in 1..=20 {
        let title = number.to_string();
        let set = title.clone();
        test.bank
            .update(move |page: &mut Page| page.title = set)
            .await
            .unwrap();
        let page = test.bank.read::<Page>().await.unwrap();
        assert_eq!(
            (page.title.as_str(), page.revision()),
            (title.as_str(), number)
        );
    }
}

async fn a_change_that_fails_leaves_nothing(test: UnderTest) {
    let failed = test.bank.try_update(|page: &mut Page| {
        page.title = "half".to_owned();
        Err::<(), UpdateError>(kr_runtime::LockError::EmptyKey.into())
    });
    assert!(failed.await.is_err());
    let page = test.bank.read::<Page>().await.unwrap();
    assert_eq!((page.title.as_str(), page.revision()), ("first", 0));
}

async fn states_of_one_lock_change_together(test: UnderTest) {
    let states = (&test.bank.page, &test.bank.rates, &test.bank.cache);
    let change = test.bank.update_many(states, |(page, rates, cache)| {
        page.title = "both".to_owned();
        rates.values.push(Some(1.5));
        cache.0 += 1;
    });
    change.await.unwrap();
    let page = test.bank.read::<Page>().await.unwrap();
    let rates = test.bank.read::<Rates>().await.unwrap();
    let cache = test.bank.read::<Cache>().await.unwrap();
    assert_eq!(
        (page.revision(), rates.revision(), cache.revision()),
        (1, 1, 1)
    );
    assert_eq!(
        (page.title.as_str(), rates.values.len(), cache.0),
        ("both", 1, 1)
    );
}

async fn an_instance_is_made_changed_and_removed(test: UnderTest) {
    let accounts = &test.bank.accounts;
    for balance in 1..=3 {
        accounts
            .update(&7, move |account| account.balance = balance)
            .await
            .unwrap();
        let account = accounts.get(&7).await.unwrap().expect("the account");
        assert_eq!(
            (account.balance, account.revision()),
            (balance, balance as u64)
        );
    }
    assert!(accounts.remove(&7).await.unwrap());
    assert!(!accounts.remove(&7).await.unwrap());
    assert!(accounts.get(&7).await.unwrap().is_none());
    accounts
        .update(&7, |account| account.balance = 9)
        .await
        .unwrap();
    let account = accounts.get(&7).await.unwrap().expect("the account");
    assert!(
        account.revision() > 4,
        "{} was used before",
        account.revision()
    );
}

async fn a_key_that_was_only_read_is_not_there(test: UnderTest) {
    let accounts = &test.bank.accounts;
    for key in 0..50 {
        assert_eq!(accounts.read(&key).await.unwrap().balance, 0);
        assert!(accounts.get(&key).await.unwrap().is_none());
    }
    assert_eq!(accounts.len().await.unwrap(), 0);
}

async fn no_update_is_lost(test: UnderTest) {
    let mut tasks = Vec::new();
    for task in 0..8 {
        let bank = test.bank.clone();
        tasks.push(tokio::spawn(async move {
            for number in 0..50_u64 {
                let key = (task + number) % 5;
                bank.accounts
                    .update(&key, |account| account.balance += 1)
                    .await
                    .unwrap();
                bank.update(|rates: &mut Rates| rates.values.push(None))
                    .await
                    .unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let entries = test.bank.accounts.entries().await.unwrap();
    assert_eq!(
        entries
            .iter()
            .map(|(_, account)| account.balance)
            .sum::<i64>(),
        400
    );
    assert_eq!(test.bank.read::<Rates>().await.unwrap().values.len(), 400);
}

async fn no_transfer_is_half_done(test: UnderTest) {
    let accounts = test.bank.accounts.clone();
    for key in 0..4 {
        accounts
            .update(&key, |account| account.balance = 100)
            .await
            .unwrap();
    }
    let mut tasks = Vec::new();
    for task in 0..4_u64 {
        let (bank, accounts) = (test.bank.clone(), accounts.clone());
        tasks.push(tokio::spawn(async move {
            for number in 0..25 {
                let (from, to) = (task, (task + 1 + number % 3) % 4);
                let change =
                    bank.update_many((accounts.at(&from), accounts.at(&to)), |(from, to)| {
                        from.balance -= 1;
                        to.balance += 1;
                    });
                change.await.unwrap();
                let read = bank.read_many((
                    accounts.at(&0),
                    accounts.at(&1),
                    accounts.at(&2),
                    accounts.at(&3),
                ));
                let (a, b, c, d) = read.await.unwrap();
                assert_eq!(a.balance + b.balance + c.balance + d.balance, 400);
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

async fn lists_are_in_the_order_of_the_keys(test: UnderTest) {
    let accounts = &test.bank.accounts;
    for key in [300, 2, 70_000, 1, u64::MAX, 0] {
        accounts
            .update(&key, |account| account.owner = key.to_string())
            .await
            .unwrap();
    }
    let mut keys = Vec::new();
    let mut after = None;
    loop {
        let page = accounts.page(after.as_ref(), 2).await.unwrap();
        for (key, account) in &page.entries {
            assert_eq!(account.owner, key.to_string());
            keys.push(*key);
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(keys, [0, 1, 2, 300, 70_000, u64::MAX]);
    assert_eq!(accounts.keys().await.unwrap(), keys);
    accounts.remove(&300).await.unwrap();
    assert_eq!(accounts.len().await.unwrap(), 5);
    assert_eq!(accounts.keys().await.unwrap(), [0, 1, 2, 70_000, u64::MAX]);
}

async fn a_counter_counts_at_once(test: UnderTest) {
    let page = test.bank.read::<Page>().await.unwrap();
    page.visits.add(3).unwrap();
    test.bank
        .update(|page: &mut Page| page.title = "later".to_owned())
        .await
        .unwrap();
    page.inner.likes.add(2).unwrap();
    let page = test.bank.read::<Page>().await.unwrap();
    assert_eq!((page.visits.get(), page.inner.likes.get()), (3, 2));
}

async fn an_instance_is_made_once(test: UnderTest) {
    let mut tasks = Vec::new();
    for number in 0..8 {
        let bank = test.bank.clone();
        tasks.push(tokio::spawn(async move {
            let made = bank.accounts.get_or_try_init(&1, async || {
                Ok::<_, UpdateError>(Account {
                    balance: number,
                    owner: String::new(),
                })
            });
            made.await.unwrap().balance
        }));
    }
    let mut balances = Vec::new();
    for task in tasks {
        balances.push(task.await.unwrap());
    }
    assert!(
        balances.windows(2).all(|pair| pair[0] == pair[1]),
        "{balances:?}"
    );
}
