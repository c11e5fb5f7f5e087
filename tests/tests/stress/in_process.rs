//! Random updates through `Host` and `Locks`, without a server.

use crate::accounts::PERMANENT;
use crate::app::{Audit, Books, CLIENTS, Ledger, LedgerView, Other};
use crate::config::{
    Config, Rng, StoreKind, assert_memory_is_freed, resident_kilobytes, run_alone,
};
use crate::totals::Acknowledged;
use kr_runtime::{Host, Locks, UpdateError};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::yield_now;
use tokio::time::timeout;

const KEYS: [&str; 4] = ["north", "east", "south", "west"];

pub(crate) struct Worker {
    pub(crate) number: usize,
    pub(crate) rng: Rng,
    pub(crate) books: Books,
    locks: Locks,
    /// The number of holders of each lock.
    holders: Arc<[AtomicUsize; 4]>,
    pub(crate) acknowledged: Arc<Acknowledged>,
    pub(crate) acknowledged_accounts: Arc<[Acknowledged; PERMANENT]>,
    other_commits: u64,
    /// The number of its updates of the ledger, and of each account, that were aborted: the store may have kept them.
    pub(crate) unknown: u64,
    pub(crate) unknown_accounts: [u64; PERMANENT],
    store: StoreKind,
}

/// How an update ends.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum End {
    Commits,
    Fails,
    Panics,
}

#[derive(Debug)]
pub(crate) enum ChangeError {
    Update(UpdateError),
    HalfDone,
}

impl From<UpdateError> for ChangeError {
    fn from(error: UpdateError) -> Self {
        Self::Update(error)
    }
}

impl Worker {
    async fn work(&mut self) {
        match self.rng.below(16) {
            10.. => self.change_accounts().await,
            0..4 => self.change().await,
            4 => self.change_both().await,
            5 => {
                let (ledger, other) = (
                    self.books.latest::<Ledger>().unwrap(),
                    self.books.latest::<Other>().unwrap(),
                );
                assert_eq!(
                    (ledger.left, ledger.right),
                    (ledger.commits, ledger.commits)
                );
                assert_eq!(other.mirror, other.commits);
                assert!(ledger.revision() >= ledger.commits);
            }
            6 => {
                // A key that no other worker uses.
                let name = format!("{}:{}", self.number, self.rng.below(u64::MAX));
                drop(self.locks.lock(&name).await.unwrap());
            }
            7..10 => self.hold_lock().await,
        }
    }

    pub(crate) fn end(&mut self) -> End {
        match self.rng.below(8) {
            0 => End::Fails,
            1 => End::Panics,
            _ => End::Commits,
        }
    }

    /// Updates the ledger in a spawned task, which may fail, panic, or be aborted at any point.
    async fn change(&mut self) {
        let end = self.end();
        let (books, number) = (self.books.clone(), self.number);
        let changing = tokio::spawn(async move {
            let change = |ledger: &mut Ledger| {
                ledger.begin(number);
                match end {
                    End::Panics => resume_unwind(Box::new("half done")),
                    End::Fails => return Err(ChangeError::HalfDone),
                    End::Commits => {}
                }
                ledger.commits += 1;
                ledger.right += 1;
                Ok(ledger.commits)
            };
            books.try_update(change).await
        });
        if self.rng.one_in(4) {
            for _ in 0..self.rng.below(6) {
                yield_now().await;
            }
            changing.abort();
        }
        match changing.await {
            Ok(Ok(commit)) => self.acknowledged.add(commit),
            Ok(Err(ChangeError::HalfDone)) => assert!(end == End::Fails),
            Ok(Err(ChangeError::Update(error))) => self.assert_not_kept(error),
            Err(error) if error.is_cancelled() => self.unknown += 1,
            Err(_) => assert!(end == End::Panics),
        }
    }

    /// The only error that there may be: an unreliable store has not kept a commit, or what it was based on.
    pub(crate) fn assert_not_kept(&self, error: UpdateError) {
        match error {
            UpdateError::Commit(error) if self.store == StoreKind::Unreliable => {
                assert!(error.outcome_is_known(), "{error}");
            }
            error => panic!("{error}"),
        }
    }

    async fn change_both(&mut self) {
        let number = self.number;
        let commit = if self.rng.one_in(2) {
            let both = self.books.update_many(
                (&self.books.ledger, &self.books.other),
                |(ledger, other)| {
                    ledger.begin(number);
                    other.change();
                    (ledger.commits, ledger.right) = (ledger.commits + 1, ledger.right + 1);
                    ledger.commits
                },
            );
            both.await
        } else {
            let both = self.books.update_many(
                (&self.books.other, &self.books.ledger),
                |(other, ledger)| {
                    other.change();
                    ledger.begin(number);
                    (ledger.commits, ledger.right) = (ledger.commits + 1, ledger.right + 1);
                    ledger.commits
                },
            );
            both.await
        };
        match commit {
            Ok(commit) => {
                self.acknowledged.add(commit);
                self.other_commits += 1;
            }
            Err(error) => self.assert_not_kept(error),
        }
    }

    /// Holds one of the locks for a while, if it is granted in time.
    async fn hold_lock(&mut self) {
        let which = self.rng.below(4) as usize;
        let limit = match self.rng.below(4) {
            0 => Duration::ZERO,
            1 => Duration::from_micros(self.rng.below(1500)),
            _ => Duration::from_secs(60),
        };
        let granted = if self.rng.one_in(2) {
            let lock = self.locks.lock_within(KEYS[which], limit);
            lock.await.ok()
        } else {
            // Cancelled from outside, as when a client disconnects.
            let lock = timeout(limit, self.locks.lock(KEYS[which]));
            lock.await.ok().map(Result::unwrap)
        };
        let Some(guard) = granted else {
            assert!(
                limit < Duration::from_secs(60),
                "the lock was never granted"
            );
            return;
        };
        let holders = &self.holders[which];
        assert_eq!(
            holders.fetch_add(1, Ordering::SeqCst),
            0,
            "the lock is held twice"
        );
        for _ in 0..self.rng.below(3) {
            yield_now().await;
        }
        holders.fetch_sub(1, Ordering::SeqCst);
        drop(guard);
    }
}

async fn run(config: Config) {
    let (books, locks) = (Books::new(), Locks::new());
    // Registers both keyed states under their lock, before a worker uses one without the other.
    let (store, kept) = config.store();
    drop(books.app().store(store.clone()).into_router().unwrap());
    let max = 2 * config.requests + CLIENTS;
    let acknowledged = Arc::new(Acknowledged::up_to(max));
    let acknowledged_accounts = Arc::new(std::array::from_fn(|_| Acknowledged::up_to(max)));
    let holders = Arc::default();
    let mut workers: Vec<_> = (0..CLIENTS)
        .map(|number| Worker {
            number,
            rng: Rng::new(config.seed, number),
            books: books.clone(),
            locks: locks.clone(),
            holders: Arc::clone(&holders),
            acknowledged: Arc::clone(&acknowledged),
            acknowledged_accounts: Arc::clone(&acknowledged_accounts),
            other_commits: 0,
            unknown: 0,
            unknown_accounts: [0; PERMANENT],
            store: config.store,
        })
        .collect();
    let mut before = None;
    for part in [config.requests / 10, config.requests - config.requests / 10] {
        let each = part.div_ceil(CLIENTS);
        let running: Vec<_> = workers
            .drain(..)
            .map(|mut worker| {
                tokio::spawn(async move {
                    for _ in 0..each {
                        worker.work().await;
                    }
                    worker
                })
            })
            .collect();
        for worker in running {
            workers.push(worker.await.unwrap());
        }
        before = before.or_else(resident_kilobytes);
    }
    books.assert_only_permanent_accounts().await;
    // This commit comes after those of aborted updates, so they are durable, too.
    while let Err(error) = books.update(|_: &mut Audit| ()).await {
        assert_eq!(config.store, StoreKind::Unreliable, "{error}");
    }
    let after = resident_kilobytes();

    // With the memory store, an update that was aborted has either not begun or is done.
    let unknown_counts = |count: u64| match config.store {
        StoreKind::Memory => 0,
        StoreKind::Unreliable => count,
    };
    for (number, acknowledged) in acknowledged_accounts.iter().enumerate() {
        let unknown = workers
            .iter()
            .map(|worker| worker.unknown_accounts[number])
            .sum();
        let commits = books.accounts.latest(&(number as u64)).unwrap().commits;
        acknowledged.check(commits, unknown_counts(unknown));
    }
    let (ledger, other) = (
        books.latest::<Ledger>().unwrap(),
        books.latest::<Other>().unwrap(),
    );
    // These updates do not touch the audit.
    LedgerView::new(&ledger, &Audit(ledger.commits)).assert_consistent();
    let unknown = workers.iter().map(|worker| worker.unknown).sum();
    acknowledged.check(ledger.commits, unknown_counts(unknown));
    let other_commits: u64 = workers.iter().map(|worker| worker.other_commits).sum();
    assert_eq!(other.commits, other_commits);
    // One more, the last one, changed only the audit.
    match &kept {
        None => {
            assert_eq!(
                ledger.revision(),
                ledger.commits + 1,
                "revisions are not dense"
            );
            assert_eq!(other.revision(), other.commits, "revisions are not dense");
        }
        // What the store has kept is what there is, no more and no less.
        Some(kept) => {
            assert_eq!(kept.of("ledger").0, ledger.commits + 1);
            assert_eq!(kept.of("other").0, other.commits);
            println!("kept and not kept: {:?}", kept.of("ledger"));
        }
    }
    for lock in books.locks() {
        assert!(lock.holder.is_none() && lock.waiting == 0, "{lock:?}");
        println!("{}: {:?}", lock.lock, lock.counters);
    }
    assert_eq!(format!("{locks:?}"), "{}", "entries are left");
    assert_memory_is_freed(before, after, 16 * 1024);
}

#[test]
fn random_updates_in_process_lose_nothing_and_leave_nothing() {
    run_alone(run, Config::from_env(40_000, StoreKind::Memory));
}

#[test]
fn random_updates_in_process_lose_nothing_although_the_store_is_unreliable() {
    run_alone(run, Config::from_env(40_000, StoreKind::Unreliable));
}
