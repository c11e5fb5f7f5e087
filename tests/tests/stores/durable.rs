//! What a file has after the program has ended without a clean stop.

use crate::sample::{Cache, Journal, Page, Rates};
use crate::under_test::{Place, UnderTest, on_every_durable_store};
use kr_runtime::prelude::*;
use std::time::Duration;

on_every_durable_store! {
    what_was_answered_is_there
    revisions_go_on
    the_first_value_is_used_once
    a_transient_state_starts_again
    counts_are_kept_soon_without_a_commit
    a_clean_stop_loses_no_count
    a_change_in_place_is_kept
    many_commits_at_once_are_all_there
}

async fn what_was_answered_is_there(place: Place) {
    let test = UnderTest::start(place);
    test.bank
        .update(|page: &mut Page| page.title = "kept".to_owned())
        .await
        .unwrap();
    for key in 0..30 {
        test.bank
            .accounts
            .update(&key, move |account| account.balance = key as i64)
            .await
            .unwrap();
    }
    test.bank.accounts.remove(&3).await.unwrap();
    let test = test.restart();
    let page = test.bank.read::<Page>().await.unwrap();
    assert_eq!((page.title.as_str(), page.revision()), ("kept", 1));
    assert_eq!(test.bank.accounts.len().await.unwrap(), 29);
    assert!(test.bank.accounts.get(&3).await.unwrap().is_none());
    let account = test
        .bank
        .accounts
        .get(&29)
        .await
        .unwrap()
        .expect("the account");
    assert_eq!((account.balance, account.revision()), (29, 1));
}

async fn revisions_go_on(place: Place) {
    let test = UnderTest::start(place);
    for _ in 0..3 {
        test.bank
            .accounts
            .update(&1, |account| account.balance += 1)
            .await
            .unwrap();
        test.bank
            .update(|rates: &mut Rates| rates.values.push(None))
            .await
            .unwrap();
    }
    for _ in 0..5 {
        test.bank
            .accounts
            .update(&2, |account| account.balance += 1)
            .await
            .unwrap();
    }
    test.bank.accounts.remove(&2).await.unwrap();
    let test = test.restart();
    test.bank
        .accounts
        .update(&1, |account| account.balance += 1)
        .await
        .unwrap();
    assert_eq!(test.bank.accounts.read(&1).await.unwrap().revision(), 4);
    test.bank
        .update(|rates: &mut Rates| rates.values.push(None))
        .await
        .unwrap();
    assert_eq!(test.bank.read::<Rates>().await.unwrap().revision(), 4);
    // A new instance has no revision that a removed one had.
    test.bank
        .accounts
        .update(&2, |account| account.balance += 1)
        .await
        .unwrap();
    let revision = test.bank.accounts.read(&2).await.unwrap().revision();
    assert!(revision > 6, "{revision}");
}

async fn the_first_value_is_used_once(place: Place) {
    let test = UnderTest::start(place);
    assert_eq!(test.bank.read::<Page>().await.unwrap().title, "first");
    let place = test.end();
    let mut other = crate::sample::bank();
    other.page = Shared::new(crate::sample::page("another first"));
    let app = App::new("Bank", other).store(place.open());
    let bank = app.host();
    let _server = app.endpoint(0).build().unwrap();
    assert_eq!(bank.read::<Page>().await.unwrap().title, "first");
}

async fn a_transient_state_starts_again(place: Place) {
    let test = UnderTest::start(place);
    let states = (&test.bank.cache, &test.bank.rates);
    let change = test.bank.update_many(states, |(cache, rates)| {
        cache.0 = 7;
        rates.values.push(Some(0.5));
    });
    change.await.unwrap();
    let test = test.restart();
    assert_eq!(test.bank.read::<Cache>().await.unwrap().0, 0);
    assert_eq!(test.bank.read::<Rates>().await.unwrap().values, [Some(0.5)]);
}

async fn counts_are_kept_soon_without_a_commit(place: Place) {
    let test = UnderTest::start(place);
    let page = test.bank.read::<Page>().await.unwrap();
    page.visits.add(5).unwrap();
    page.inner.likes.add(2).unwrap();
    tokio::time::sleep(Duration::from_millis(400)).await;
    let test = test.restart();
    let page = test.bank.read::<Page>().await.unwrap();
    assert_eq!(
        (page.visits.get(), page.inner.likes.get(), page.revision()),
        (5, 2, 0)
    );
    page.visits.add(1).unwrap();
    tokio::time::sleep(Duration::from_millis(400)).await;
    let test = test.restart();
    assert_eq!(test.bank.read::<Page>().await.unwrap().visits.get(), 6);
}

async fn a_clean_stop_loses_no_count(place: Place) {
    for round in 0..5 {
        let app = App::new("Bank", crate::sample::bank()).store(place.open());
        let bank = app.host();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let app = app.endpoint(0).shutdown_signal(async move {
            let _ = stopped.await;
        });
        let running = tokio::spawn(app.build().unwrap().run());
        let page = bank.read::<Page>().await.unwrap();
        // The stop comes at once, before the counts are due.
        page.visits.add(1).unwrap();
        assert_eq!(page.visits.get(), round + 1);
        drop((bank, page));
        stop.send(()).unwrap();
        running.await.unwrap().unwrap();
    }
}

async fn a_change_in_place_is_kept(place: Place) {
    #[kr_route(post, "/lines")]
    #[locked("journal", in_place)]
    fn add(journal: &mut Journal) -> String {
        journal.lines.push("line".to_owned());
        journal.lines.len().to_string()
    }
    for round in 1..=3 {
        let app = App::new("Bank", crate::sample::bank())
            .store(place.open())
            .mount(routes![add]);
        let router = app.into_router().unwrap();
        for number in 1..=4 {
            let request = http::Request::post("/lines")
                .body(axum::body::Body::empty())
                .unwrap();
            let response = tower::ServiceExt::oneshot(router.clone(), request)
                .await
                .unwrap();
            let body = axum::body::to_bytes(response.into_body(), 100)
                .await
                .unwrap();
            assert_eq!(body, ((round - 1) * 4 + number).to_string());
        }
    }
}

async fn many_commits_at_once_are_all_there(place: Place) {
    let test = UnderTest::start(place);
    let mut tasks = Vec::new();
    for task in 0..16_u64 {
        let bank = test.bank.clone();
        tasks.push(tokio::spawn(async move {
            for number in 0..40 {
                let key = (task * number) % 11;
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
    let test = test.restart();
    let entries = test.bank.accounts.entries().await.unwrap();
    let sum: i64 = entries.iter().map(|(_, account)| account.balance).sum();
    assert_eq!(sum, 640);
    let rates = test.bank.read::<Rates>().await.unwrap();
    assert_eq!((rates.values.len(), rates.revision()), (640, 640));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_nobody_uses_writes_nothing() {
    let test = UnderTest::file();
    let page = test.bank.read::<Page>().await.unwrap();
    page.visits.add(1).unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    let before = std::fs::read(test.path()).unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(
        before == std::fs::read(test.path()).unwrap(),
        "it was written"
    );
}
