//! Creating and removing an instance are commits like any other.

use super::sample::{Account, Bank, is_waiting};
use std::pin::pin;

fn ann() -> String {
    "ann".to_owned()
}

#[tokio::test]
async fn an_instance_is_there_when_its_first_commit_is_durable() {
    let (bank, _, mut store) = Bank::open(0).await;
    let ann = ann();
    let mut opening = pin!(bank.accounts.update(&ann, |account| account.0 = 7));
    assert!(is_waiting(opening.as_mut()).await);
    store.next_batch().await;
    assert!(bank.accounts.get(&ann).await.unwrap().is_none());
    assert!(bank.accounts.is_empty().await.unwrap());
    assert_eq!(*bank.accounts.latest(&ann).unwrap(), Account(0));
    store.keep();
    opening.await.unwrap();
    assert_eq!(bank.accounts.get(&ann).await.unwrap().unwrap().0, 7);
    let keys = bank.accounts.keys().await.unwrap();
    assert_eq!(keys, ["ann"]);
}

#[tokio::test]
async fn an_instance_whose_first_commit_is_not_kept_does_not_exist_and_leaves_nothing() {
    let (bank, _, mut store) = Bank::open(0).await;
    let ann = ann();
    let mut opening = pin!(bank.accounts.update(&ann, |account| account.0 = 7));
    assert!(is_waiting(opening.as_mut()).await);
    assert_eq!(store.next_batch().await[0][0].1, 1);
    store.refuse();
    opening.await.unwrap_err();
    assert!(bank.accounts.get(&ann).await.unwrap().is_none());
    assert_eq!(bank.accounts.locks(), []);

    // Its revision is not used again, although nothing of it is left.
    let mut opening = pin!(bank.accounts.update(&ann, |account| account.0 += 1));
    assert!(is_waiting(opening.as_mut()).await);
    assert_eq!(store.keep_next().await[0][0].1, 2);
    opening.await.unwrap();
    assert_eq!(bank.accounts.latest(&ann).unwrap().0, 1);
}

#[tokio::test]
async fn a_removed_instance_is_there_until_the_removal_is_durable() {
    let (bank, _, mut store) = Bank::open(0).await;
    let ann = ann();
    let mut opening = pin!(bank.accounts.update(&ann, |account| account.0 = 7));
    assert!(is_waiting(opening.as_mut()).await);
    store.keep_next().await;
    opening.await.unwrap();

    let mut removal = pin!(bank.accounts.remove(&ann));
    assert!(is_waiting(removal.as_mut()).await);
    store.next_batch().await;
    assert_eq!(bank.accounts.get(&ann).await.unwrap().unwrap().0, 7);
    // The next writer sees no instance, and starts from the initial value.
    let mut again = pin!(bank.accounts.update(&ann, |account| {
        account.0 += 1;
        account.0
    }));
    assert!(is_waiting(again.as_mut()).await);
    store.keep();
    assert_eq!(removal.await, Ok(true));
    assert!(bank.accounts.get(&ann).await.unwrap().is_none());
    let batch = store.keep_next().await;
    assert_eq!(again.await, Ok(1));
    assert_eq!(batch[0][0].1, 3, "revisions go on");
    assert_eq!(
        bank.accounts.get(&ann).await.unwrap().unwrap().revision(),
        3
    );
}

#[tokio::test]
async fn an_instance_whose_removal_is_not_kept_stays() {
    let (bank, _, mut store) = Bank::open(0).await;
    let ann = ann();
    let mut opening = pin!(bank.accounts.update(&ann, |account| account.0 = 7));
    assert!(is_waiting(opening.as_mut()).await);
    store.keep_next().await;
    opening.await.unwrap();
    let mut removal = pin!(bank.accounts.remove(&ann));
    assert!(is_waiting(removal.as_mut()).await);
    store.next_batch().await;
    store.refuse();
    removal.await.unwrap_err();
    assert_eq!(bank.accounts.get(&ann).await.unwrap().unwrap().0, 7);
}

#[tokio::test]
async fn removing_what_is_not_there_is_no_commit() {
    let (bank, _, _store) = Bank::open(0).await;
    assert_eq!(bank.accounts.remove(&ann()).await, Ok(false));
}
