//! Copies, exports and imports.

use crate::sample::Page;
use crate::under_test::{Place, UnderTest, on_every_durable_store};
use kr_runtime::prelude::*;
use kr_runtime::{Durable, Store, StoreError};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

on_every_durable_store! {
    a_copy_from_a_file_and_back_into_one_has_everything
}

/// A bank whose store stays at hand.
fn start(store: &Store<Durable>) -> (Arc<crate::sample::Bank>, kr_runtime::Server) {
    let app = App::new("Bank", crate::sample::bank()).store(store.clone());
    let bank = app.host();
    (bank, app.endpoint(0).build().unwrap())
}

async fn fill(path: &Path) -> Store<Durable> {
    let store = Store::open(path).unwrap();
    let (bank, _server) = start(&store);
    bank.update(|page: &mut Page| page.title = "copied".to_owned())
        .await
        .unwrap();
    for key in 0..2500 {
        bank.accounts
            .update(&key, |account| account.balance = 1)
            .await
            .unwrap();
    }
    for _ in 0..9 {
        bank.accounts
            .update(&7, |account| account.balance += 1)
            .await
            .unwrap();
    }
    bank.accounts.remove(&7).await.unwrap();
    store
}

async fn check(store: &Store<Durable>) {
    let (bank, _server) = start(store);
    let page = bank.read::<Page>().await.unwrap();
    assert_eq!((page.title.as_str(), page.revision()), ("copied", 1));
    assert_eq!(bank.accounts.len().await.unwrap(), 2499);
    bank.accounts
        .update(&7, |account| account.balance += 1)
        .await
        .unwrap();
    assert!(bank.accounts.read(&7).await.unwrap().revision() > 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_has_everything() {
    let folder = tempfile::tempdir().unwrap();
    let store = fill(&folder.path().join("bank.kr")).await;
    let copy = Store::open(folder.path().join("copy.kr")).unwrap();
    let mut steps = 0;
    let copied = store.copy_to(&copy, |_| steps += 1).unwrap();
    assert_eq!((copied.rows, copied.of_rows), (2501, 2501));
    assert!(steps >= 3);
    check(&copy).await;
    let refused = store.copy_to(&copy, |_| {}).unwrap_err();
    assert!(matches!(refused, StoreError::NotEmpty { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = fill(&folder.path().join("bank.kr")).await;
    let mut document = Vec::new();
    store.export(&mut document, |_| {}).unwrap();
    let text = String::from_utf8(document).unwrap();
    assert!(text.starts_with("{\"kr-export\":1}\n"));
    assert!(text.contains(r#""title":"copied""#));
    let copy = Store::open(folder.path().join("copy.kr")).unwrap();
    copy.import(text.as_bytes(), |_| {}).unwrap();
    check(&copy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_no_export_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("", 1),
        ("hello", 1),
        ("{\"space\":\"\",\"key\":\"page\",\"row\":{}}", 1),
        (
            "{\"kr-export\":1}\n{\"space\":\"a:{}\",\"key\":7,\"row\":{}}",
            2,
        ),
        ("{\"kr-export\":9}", 1),
    ];
    for (number, (text, expected)) in cases.into_iter().enumerate() {
        let store = Store::open(folder.path().join(format!("{number}.kr"))).unwrap();
        let Err(StoreError::NoExport { line, .. }) = store.import(text.as_bytes(), |_| {}) else {
            panic!("{text} was read");
        };
        assert_eq!(line, expected, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_running_store_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("bank.kr")).unwrap();
    let (bank, _server) = start(&store);
    for key in 0..10 {
        bank.accounts
            .update(&key, |account| account.balance = 100)
            .await
            .unwrap();
    }
    let stop = Arc::new(AtomicBool::new(false));
    let mut tasks = Vec::new();
    for task in 0..3_u64 {
        let (bank, stop) = (bank.clone(), stop.clone());
        tasks.push(tokio::spawn(async move {
            let mut number = task;
            while !stop.load(Ordering::Relaxed) {
                let (from, to) = (number % 10, (number * 7 + 1) % 10);
                number += 3;
                if from == to {
                    continue;
                }
                let states = (bank.accounts.at(&from), bank.accounts.at(&to));
                let change = bank.update_many(states, |(from, to)| {
                    from.balance -= 1;
                    to.balance += 1;
                });
                change.await.unwrap();
            }
        }));
    }
    for round in 0..10 {
        let path = folder.path().join(format!("copy-{round}.kr"));
        let source = store.clone();
        let copy = tokio::task::spawn_blocking(move || {
            let copy = Store::open(path).unwrap();
            source.copy_to(&copy, |_| {}).unwrap();
            copy
        });
        let (bank, _server) = start(&copy.await.unwrap());
        let entries = bank.accounts.entries().await.unwrap();
        let sum: i64 = entries.iter().map(|(_, account)| account.balance).sum();
        assert_eq!(sum, 1000);
    }
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_shown_space_by_space() {
    let place = UnderTest::file().end();
    let store = fill(&place.path()).await;
    let spaces = store.inspect().unwrap();
    let rows: Vec<_> = spaces
        .iter()
        .map(|space| (space.space.as_str(), space.rows))
        .collect();
    assert_eq!(rows, [("", 2), ("account:{}", 2499)]);
    assert!(spaces.iter().all(|space| space.damaged.is_empty()));
    assert!(matches!(
        Store::from_name("memory").unwrap().inspect(),
        Err(StoreError::Memory)
    ));
}

async fn a_copy_from_a_file_and_back_into_one_has_everything(place: Place) {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(folder.path().join("first.kr")).unwrap();
    let (bank, server) = start(&first);
    bank.update(|page: &mut Page| page.title = "copied".to_owned())
        .await
        .unwrap();
    for key in 0..700 {
        bank.accounts
            .update(&key, move |account| account.balance = key as i64)
            .await
            .unwrap();
    }
    drop((bank, server));
    let between = place.open();
    let last = Store::open(folder.path().join("last.kr")).unwrap();
    let (from, to) = (between.clone(), last.clone());
    tokio::task::spawn_blocking(move || {
        first.copy_to(&between, |_| ()).unwrap();
        from.copy_to(&to, |_| ()).unwrap();
    })
    .await
    .unwrap();
    let (bank, _server) = start(&last);
    assert_eq!(bank.read::<Page>().await.unwrap().title, "copied");
    assert_eq!(bank.accounts.len().await.unwrap(), 700);
    let account = bank.accounts.get(&699).await.unwrap().unwrap();
    assert_eq!((account.balance, account.revision()), (699, 1));
}
