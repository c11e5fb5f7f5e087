//! Random updates through `Host` and `Locks`, without a server.

use crate::accounts::PERMANENT;
use crate::app::{Audit, Books, CLIENTS, Ledger, LedgerView, Other};
use crate::config::{Config, Rng, assert_memory_is_freed, one_at_a_time, resident_kilobytes};
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
                assert_eq!(
                    (ledger.revision(), other.mirror),
                    (ledger.commits, other.commits)
                );
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
            Ok(Err(ChangeError::Update(error))) => panic!("{error}"),
            Err(error) => assert!(error.is_cancelled() || end == End::Panics),
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
        self.acknowledged.add(commit.unwrap());
        self.other_commits += 1;
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
    drop(books.app());
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
    let after = resident_kilobytes();

    for (number, acknowledged) in acknowledged_accounts.iter().enumerate() {
        acknowledged.check(books.accounts.latest(&(number as u64)).unwrap().commits, 0);
    }
    let (ledger, other) = (
        books.latest::<Ledger>().unwrap(),
        books.latest::<Other>().unwrap(),
    );
    // An update always learns its outcome, and these do not touch the audit.
    LedgerView::new(&ledger, &Audit(ledger.commits)).assert_consistent();
    acknowledged.check(ledger.commits, 0);
    assert_eq!(ledger.revision(), ledger.commits, "revisions are not dense");
    assert_eq!(
        other.revision(),
        workers
            .iter()
            .map(|worker| worker.other_commits)
            .sum::<u64>()
    );
    for lock in books.locks() {
        assert!(lock.holder.is_none() && lock.waiting == 0, "{lock:?}");
        println!("{}: {:?}", lock.lock, lock.counters);
    }
    assert_eq!(format!("{locks:?}"), "{}", "entries are left");
    assert_memory_is_freed(before, after, 16 * 1024);
}

#[test]
fn random_updates_in_process_lose_nothing_and_leave_nothing() {
    let _exclusive = one_at_a_time();
    let config = Config::from_env(40_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    runtime.unwrap().block_on(run(config));
}
