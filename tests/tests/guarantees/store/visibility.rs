//! A commit is seen when it is durable, and by the next writer before that.

use super::sample::{Bank, Cash, is_waiting};
use kr_runtime::Host;
use std::pin::pin;

#[tokio::test]
async fn a_commit_is_not_seen_before_it_is_durable() {
    let (bank, _, mut store) = Bank::open(5).await;
    let mut update = pin!(bank.pay_in());
    assert_eq!(store.next_batch().await, [[("cash".to_owned(), 1)]]);
    assert!(is_waiting(update.as_mut()).await);
    assert_eq!(bank.seen(), (5, 0));
    assert_eq!(bank.read::<Cash>().await.unwrap().0, 5);
    let many = bank.read_many((&bank.cash, &bank.vault)).await.unwrap();
    assert_eq!((many.0.0, many.0.revision()), (5, 0));
    assert_eq!(bank.states().await.unwrap()[0].revision, Some(0));
    assert_eq!(bank.get_json("Cash").await.unwrap(), 5);

    store.keep();
    assert_eq!(update.await.unwrap(), Ok(6));
    assert_eq!(bank.seen(), (6, 1));
}

#[tokio::test]
async fn the_next_writer_starts_from_a_commit_that_is_not_durable_yet() {
    let (bank, _, mut store) = Bank::open(0).await;
    let first = bank.pay_in();
    store.next_batch().await;
    // The lock is free again, and the value that the first update left is not durable.
    let (mut second, mut third) = (pin!(bank.pay_in()), pin!(bank.pay_in()));
    assert!(is_waiting(second.as_mut()).await && is_waiting(third.as_mut()).await);
    assert_eq!(bank.seen(), (0, 0));

    store.keep();
    assert_eq!(first.await.unwrap(), Ok(1));
    assert_eq!(bank.seen(), (1, 1));
    // Both were waiting, so one write is for both.
    assert_eq!(store.keep_next().await.len(), 2);
    let mut both = [
        second.await.unwrap().unwrap(),
        third.await.unwrap().unwrap(),
    ];
    both.sort_unstable();
    assert_eq!(both, [2, 3]);
    assert_eq!(bank.seen(), (3, 3));
}

#[tokio::test]
async fn subscribers_hear_of_a_commit_when_it_is_durable() {
    let (bank, _, mut store) = Bank::open(0).await;
    let mut revisions = bank.subscribe::<Cash>().unwrap();
    let update = bank.pay_in();
    store.next_batch().await;
    assert!(is_waiting(pin!(revisions.changed())).await);
    store.keep();
    update.await.unwrap().unwrap();
    revisions.changed().await.unwrap();
    assert_eq!(*revisions.borrow(), 1);
}

#[tokio::test]
async fn an_update_that_is_dropped_while_it_waits_for_the_store_commits() {
    let (bank, _, mut store) = Bank::open(0).await;
    let update = bank.pay_in();
    store.next_batch().await;
    update.abort();
    assert!(update.await.unwrap_err().is_cancelled());
    store.keep();
    let next = bank.pay_in();
    store.keep_next().await;
    assert_eq!(next.await.unwrap(), Ok(2));
}

#[test]
fn a_thread_waits_until_its_update_is_durable() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let (bank, _, mut store) = runtime.block_on(Bank::open(0));
    std::thread::scope(|scope| {
        let updating = scope.spawn(|| bank.blocking_update(|cash: &mut Cash| cash.0 += 1));
        runtime.block_on(store.next_batch());
        assert!(!updating.is_finished());
        assert_eq!(bank.seen(), (0, 0));
        store.keep();
        assert_eq!(updating.join().unwrap(), Ok(()));
        assert_eq!(bank.blocking_read::<Cash>().unwrap().0, 1);
    });
}

#[tokio::test]
async fn a_replaced_value_is_seen_when_it_is_durable() {
    let (bank, _, mut store) = Bank::open(5).await;
    let mut replacing = pin!(bank.replace(Cash(9)));
    assert!(is_waiting(replacing.as_mut()).await);
    store.next_batch().await;
    assert_eq!(bank.seen(), (5, 0));
    store.keep();
    replacing.await.unwrap();
    assert_eq!(bank.seen(), (9, 1));

    let mut resetting = pin!(bank.reset::<Cash>());
    assert!(is_waiting(resetting.as_mut()).await);
    assert_eq!(bank.seen(), (9, 1));
    store.keep_next().await;
    resetting.await.unwrap();
    assert_eq!(bank.seen(), (5, 2));
}
