//! A commit over several locks is one step for readers of several of them.

use super::sample::{Bank, Cash, Vault, is_waiting};
use kr_runtime::prelude::*;
use kr_runtime::{LockError, Store, UpdateError, Volatile};
use kr_tests::Client;
use kr_tests::stores::Unreliable;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[tokio::test]
async fn a_transfer_is_seen_as_a_whole_when_it_is_durable() {
    let (bank, address, mut store) = Bank::open(10).await;
    let mut client = Client::connect(address).await;
    let mut transfer = pin!(client.post("/transfer"));
    assert!(is_waiting(transfer.as_mut()).await);
    let batch = store.next_batch().await;
    assert_eq!(batch, [[("cash".to_owned(), 1), ("vault".to_owned(), 1)]]);
    let mut reader = Client::connect(address).await;
    assert_eq!(reader.get("/both").await.json(), serde_json::json!([10, 0]));
    store.keep();
    assert_eq!(transfer.await.json(), serde_json::json!([9, 1]));
    assert_eq!(reader.get("/both").await.json(), serde_json::json!([9, 1]));
    let (cash, vault) = bank.read_many((&bank.cash, &bank.vault)).await.unwrap();
    assert_eq!((cash.0, vault.0), (9, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_who_reads_both_sides_of_a_transfer_sees_half_of_it() {
    // Commits are published by the thread that makes them.
    transfer_and_read(Store::memory()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_sees_half_of_a_transfer_that_a_store_has_written() {
    // Commits are published by the thread of the store.
    let reliable = Unreliable {
        fails_one_in: 0,
        longest_write: Duration::ZERO,
        seed: 0,
    };
    let (store, kept) = reliable.store();
    transfer_and_read(store).await;
    assert_eq!([kept.of("cash"), kept.of("vault")], [(1000, 0); 2]);
}

/// Makes transfers, while others read both sides.
async fn transfer_and_read(store: Store<Volatile>) {
    let bank = Bank {
        cash: Shared::new(Cash(1000)),
        vault: Shared::new(Vault(0)),
        accounts: kr_runtime::SharedMap::new(),
    };
    let _app = App::new("Bank", bank.clone()).store(store).build().unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (bank, done) = (bank.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let mut reads = 0;
                while !done.load(Ordering::Relaxed) {
                    let (vault, cash) = bank.read_many((&bank.vault, &bank.cash)).await.unwrap();
                    assert_eq!(cash.0 + vault.0, 1000, "half a transfer");
                    reads += 1;
                    tokio::task::yield_now().await;
                }
                reads
            })
        })
        .collect();
    for _ in 0..1000 {
        bank.update_many((&bank.cash, &bank.vault), |(cash, vault)| {
            cash.0 -= 1;
            vault.0 += 1;
        })
        .await
        .unwrap();
        tokio::task::yield_now().await;
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
}

#[tokio::test]
async fn an_error_in_an_update_of_several_states_rolls_all_of_them_back() {
    let bank = Bank {
        cash: Shared::new(Cash(1)),
        vault: Shared::new(Vault(0)),
        accounts: kr_runtime::SharedMap::new(),
    };
    #[derive(Debug, PartialEq)]
    struct NoCash;
    impl From<UpdateError> for NoCash {
        fn from(error: UpdateError) -> Self {
            panic!("{error}")
        }
    }
    let take = |(vault, cash): (&mut Vault, &mut Cash)| {
        vault.0 += 2;
        cash.0 = cash.0.checked_sub(2).ok_or(NoCash)?;
        Ok(())
    };
    let states = (&bank.vault, &bank.cash);
    assert_eq!(bank.try_update_many(states, take).await, Err(NoCash));
    assert_eq!(
        (bank.seen(), bank.latest::<Vault>().unwrap().0),
        ((1, 0), 0)
    );
}

/// Two hosts may have locks of one name, which are two locks.
#[tokio::test]
async fn states_of_two_hosts_under_locks_of_one_name_are_not_changed_together() {
    let bank = || Bank {
        cash: Shared::new(Cash(1)),
        vault: Shared::new(Vault(0)),
        accounts: kr_runtime::SharedMap::new(),
    };
    #[derive(Clone, SharedState)]
    #[shared_state(lock = "cash")]
    struct Coins;
    let coins = Shared::new(Coins);
    let bank = bank();
    let changed = bank.update_many((&bank.cash, &coins), |_| ()).await;
    assert!(
        matches!(
            changed,
            Err(UpdateError::Lock(LockError::SplitAcrossHosts { .. }))
        ),
        "{changed:?}"
    );
}
