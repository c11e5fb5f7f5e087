//! The lock of an instance is found by its name, whether the instance exists or not and whatever the type of its key. No
//! table of names is kept for that, unless the key cannot be read from the name.

use futures_util::FutureExt;
use kr_runtime::prelude::*;
use kr_runtime::{KeyWriter, LockKey, Locks, SharedMap};
use std::time::Duration;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "count:{id}")]
struct Count;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "page:{site}/{path}")]
struct Views;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "size:{size}")]
struct Stock;

#[derive(Clone, PartialEq, Eq, Hash, LockKey)]
struct Site(String);

/// Its text is written, and nobody can read it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Size(&'static str);

impl LockKey for Size {
    fn write_to(&self, text: &mut KeyWriter<'_>) {
        text.part(self.0);
    }
}

#[derive(Clone, Default, Host)]
struct Depot {
    counts: SharedMap<u64, Count>,
    views: SharedMap<(Site, char), Views>,
    stocks: SharedMap<Size, Stock>,
}

fn depot() -> (Depot, Locks) {
    let depot = Depot::default();
    let locks = App::new("Depot", depot.clone()).locks();
    (depot, locks)
}

async fn the_name_leads_to_the_lock<K: LockKey, S: SharedState + Default + Sync>(
    map: &SharedMap<K, S>,
    key: K,
    locks: &Locks,
    name: &str,
) {
    assert_eq!(map.lock_key(&key), name);
    for exists in [false, true] {
        if exists {
            map.replace(&key, S::default()).await.unwrap();
        }
        // By another task: this one would be told that it waits for itself.
        let held = tokio::spawn(locks.lock(name)).await.unwrap().unwrap();
        assert_eq!(held.key(), name);
        let update = map.update(&key, |_| ()).now_or_never();
        assert!(update.is_none(), "{name} is held");
        let again = locks.lock_within(name, Duration::ZERO).await;
        let again = again.unwrap_err().to_string();
        assert!(
            again.contains(name) && again.contains("keyed_locks.rs"),
            "{again}"
        );
        let [status] = &map.locks()[..] else {
            panic!("{name} is one lock: {:?}", map.locks())
        };
        assert_eq!((&*status.lock, status.waiting), (name, 0));
        assert!(status.holder.is_some());
        assert_eq!(
            locks.list().iter().filter(|lock| lock.lock == name).count(),
            1
        );
        drop(held);
        assert!(map.update(&key, |_| ()).now_or_never().is_some());
        assert!(map.remove(&key).await.unwrap());
        assert!(map.locks().is_empty(), "{name} is left");
    }
}

#[tokio::test]
async fn the_lock_of_an_instance_is_found_by_its_name() {
    let (depot, locks) = depot();
    the_name_leads_to_the_lock(&depot.counts, 7, &locks, "count:7").await;
    let page = (Site("A b".to_owned()), '/');
    the_name_leads_to_the_lock(&depot.views, page, &locks, "page:%41%20b/%2f").await;
    the_name_leads_to_the_lock(&depot.stocks, Size("small"), &locks, "size:small").await;
}

#[tokio::test]
async fn a_name_that_no_key_has_is_another_lock() {
    let (depot, locks) = depot();
    for name in ["count:07", "count:seven", "count:", "count:-7"] {
        let held = locks.lock(name).await.unwrap();
        assert!(depot.counts.update(&7, |_| ()).now_or_never().is_some());
        assert!(locks.list().iter().any(|lock| lock.lock == name));
        drop(held);
    }
    assert_eq!(depot.counts.locks().len(), 1);
}

#[tokio::test]
async fn a_wait_for_an_instance_names_its_lock_and_ends_at_its_deadline() {
    let (depot, locks) = depot();
    for name in ["count:7", "size:small"] {
        let _held = locks.lock(name).await.unwrap();
        let within = Duration::from_millis(20);
        let refused = tokio::spawn(locks.lock_within(name, within)).await.unwrap();
        let message = refused.unwrap_err().to_string();
        assert!(message.contains(name), "{message}");
    }
    assert!(depot.counts.locks().is_empty());
}
