//! The storm on `Host` and `Locks`, without a server.

use crate::accounts::LASTING;
use crate::app::{Audit, Books, CLIENTS, Ledger, Other, Seen};
use crate::config::{Dice, Weather, alone, memory, memory_is_back};
use crate::totals::Acknowledged;
use kr_runtime::{Host, LockError, Locks};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::yield_now;
use tokio::time::timeout;

const NAMES: [&str; 4] = ["north", "east", "south", "west"];

pub(crate) struct Worker {
    pub(crate) number: usize,
    pub(crate) dice: Dice,
    pub(crate) books: Books,
    locks: Locks,
    /// How many hold each of the names.
    rooms: Arc<[AtomicUsize; 4]>,
    pub(crate) acknowledged: Arc<Acknowledged>,
    pub(crate) of_accounts: Arc<[Acknowledged; LASTING]>,
    of_other: u64,
}

/// What becomes of the task that makes a change.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum End {
    Commits,
    Fails,
    Panics,
}

#[derive(Debug)]
pub(crate) enum Refused {
    Lock(LockError),
    HalfDone,
}

impl From<LockError> for Refused {
    fn from(error: LockError) -> Self {
        Self::Lock(error)
    }
}

impl Worker {
    async fn work(&mut self) {
        match self.dice.below(16) {
            10.. => self.deal().await,
            0..4 => self.change().await,
            4 => self.change_both().await,
            5 => {
                let (ledger, other) = (self.books.read::<Ledger>(), self.books.read::<Other>());
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
                // A name that nobody else has.
                let name = format!("{}:{}", self.number, self.dice.below(u64::MAX));
                drop(self.locks.lock(&name).await.unwrap());
            }
            7..10 => self.visit().await,
        }
    }

    pub(crate) fn end(&mut self) -> End {
        match self.dice.below(8) {
            0 => End::Fails,
            1 => End::Panics,
            _ => End::Commits,
        }
    }

    /// A change in a task of its own, which may fail, panic, or be stopped wherever it is.
    async fn change(&mut self) {
        let end = self.end();
        let (books, number) = (self.books.clone(), self.number);
        let changing = tokio::spawn(async move {
            let change = |ledger: &mut Ledger| {
                ledger.begin(number);
                match end {
                    End::Panics => resume_unwind(Box::new("half done")),
                    End::Fails => return Err(Refused::HalfDone),
                    End::Commits => {}
                }
                ledger.commits += 1;
                ledger.right += 1;
                Ok(ledger.commits)
            };
            books.try_update(change).await
        });
        if self.dice.one_in(4) {
            for _ in 0..self.dice.below(6) {
                yield_now().await;
            }
            changing.abort();
        }
        match changing.await {
            Ok(Ok(commit)) => self.acknowledged.add(commit),
            Ok(Err(Refused::HalfDone)) => assert!(end == End::Fails),
            Ok(Err(Refused::Lock(error))) => panic!("{error}"),
            Err(error) => assert!(error.is_cancelled() || end == End::Panics),
        }
    }

    async fn change_both(&mut self) {
        let number = self.number;
        let commit = if self.dice.one_in(2) {
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
        self.of_other += 1;
    }

    /// Holds one of the names for a while, if it gets it while it cares.
    async fn visit(&mut self) {
        let which = self.dice.below(4) as usize;
        let patience = match self.dice.below(4) {
            0 => Duration::ZERO,
            1 => Duration::from_micros(self.dice.below(1500)),
            _ => Duration::from_secs(60),
        };
        let waits = if self.dice.one_in(2) {
            let lock = self.locks.lock_within(NAMES[which], patience);
            lock.await.ok()
        } else {
            // Given up from outside, as when a client hangs up.
            let lock = timeout(patience, self.locks.lock(NAMES[which]));
            lock.await.ok().map(Result::unwrap)
        };
        let Some(guard) = waits else {
            assert!(patience < Duration::from_secs(60), "it never got its turn");
            return;
        };
        let room = &self.rooms[which];
        assert_eq!(
            room.fetch_add(1, Ordering::SeqCst),
            0,
            "the lock is held twice"
        );
        for _ in 0..self.dice.below(3) {
            yield_now().await;
        }
        room.fetch_sub(1, Ordering::SeqCst);
        drop(guard);
    }
}

async fn storm(weather: Weather) {
    let (books, locks) = (Books::new(), Locks::new());
    // Brings the accounts and their twins together, before a worker uses the one without the other.
    drop(books.app());
    let most = 2 * weather.requests + CLIENTS;
    let acknowledged = Arc::new(Acknowledged::up_to(most));
    let of_accounts = Arc::new(std::array::from_fn(|_| Acknowledged::up_to(most)));
    let rooms = Arc::default();
    let mut workers: Vec<_> = (0..CLIENTS)
        .map(|number| Worker {
            number,
            dice: Dice::new(weather.seed, number),
            books: books.clone(),
            locks: locks.clone(),
            rooms: Arc::clone(&rooms),
            acknowledged: Arc::clone(&acknowledged),
            of_accounts: Arc::clone(&of_accounts),
            of_other: 0,
        })
        .collect();
    let mut before = None;
    for part in [
        weather.requests / 10,
        weather.requests - weather.requests / 10,
    ] {
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
        before = before.or_else(memory);
    }
    books.only_lasting_accounts_are_left().await;
    let after = memory();

    for (number, known) in of_accounts.iter().enumerate() {
        known.are_all_there(books.accounts.read(&(number as u64)).commits, 0);
    }
    let (ledger, other) = (books.read::<Ledger>(), books.read::<Other>());
    // In code a commit is always heard of, and these do not touch the audit.
    Seen::new(&ledger, &Audit(ledger.commits)).agrees();
    acknowledged.are_all_there(ledger.commits, 0);
    assert_eq!(ledger.revision(), ledger.commits, "revisions are not dense");
    assert_eq!(
        other.revision(),
        workers.iter().map(|worker| worker.of_other).sum::<u64>()
    );
    for lock in books.locks() {
        assert!(lock.holder.is_none() && lock.waiting == 0, "{lock:?}");
        println!("{}: {:?}", lock.lock, lock.totals);
    }
    assert_eq!(format!("{locks:?}"), "{}", "names are left");
    memory_is_back(before, after, 16 * 1024);
}

#[test]
fn a_storm_in_process_loses_nothing_and_leaves_nothing() {
    let _alone = alone();
    let weather = Weather::of_today(40_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    runtime.unwrap().block_on(storm(weather));
}
