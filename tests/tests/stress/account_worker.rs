//! A worker's dealings with accounts.

use crate::accounts::{Account, LASTING, PASSING};
use crate::app::Ledger;
use crate::in_process::{End, Refused, Worker};
use kr_runtime::{Host, LockError};
use std::panic::resume_unwind;
use std::thread;
use tokio::task::yield_now;

const LAST: u64 = (LASTING + PASSING) as u64;

impl Worker {
    pub(crate) async fn deal(&mut self) {
        let number = self.dice.below(LAST);
        match self.dice.below(12) {
            0..4 => {
                let end = self.end();
                self.change_account(number, end).await;
            }
            // An account that nobody opens: some meet there.
            4 => {
                let end = [End::Fails, End::Panics][self.dice.below(2) as usize];
                let number = match self.dice.one_in(2) {
                    true => 1000 + self.dice.below(3),
                    false => 1_000_000 + self.dice.below(u64::MAX / 2),
                };
                self.change_account(number, end).await;
                assert_eq!(self.books.accounts.read(&number).commits, 0);
            }
            5..7 => self.book(number).await,
            7..9 => self.transfer(number).await,
            9 => self.books.accounts.read(&number).agrees(),
            10 => {
                for (_, account) in self.books.accounts.entries() {
                    account.agrees();
                }
            }
            _ => {
                let passing = LASTING as u64 + self.dice.below(PASSING as u64);
                self.books.close(passing).await.unwrap();
            }
        }
    }

    /// In a task of its own, which may fail, panic, or be stopped wherever it is.
    async fn change_account(&mut self, number: u64, end: End) {
        let books = self.books.clone();
        let changing = tokio::spawn(async move {
            let change = |account: &mut Account| {
                account.begin();
                // Others are to come meanwhile, and wait.
                thread::yield_now();
                match end {
                    End::Panics => resume_unwind(Box::new("half done")),
                    End::Fails => return Err(Refused::HalfDone),
                    End::Commits => account.finish(),
                }
                Ok(account.commits)
            };
            books.accounts.try_update(&number, change).await
        });
        if self.dice.one_in(4) {
            for _ in 0..self.dice.below(6) {
                yield_now().await;
            }
            changing.abort();
        }
        match changing.await {
            Ok(Ok(commit)) => self.account_has(number, commit),
            Ok(Err(Refused::HalfDone)) => assert!(end == End::Fails),
            Ok(Err(Refused::Lock(error))) => panic!("{error}"),
            Err(error) => assert!(error.is_cancelled() || end == End::Panics),
        }
    }

    /// An account and the ledger, in either order.
    async fn book(&mut self, number: u64) {
        let client = self.number;
        let both = |account: &mut Account, ledger: &mut Ledger| {
            account.begin();
            ledger.begin(client);
            (ledger.commits, ledger.right) = (ledger.commits + 1, ledger.right + 1);
            account.finish();
            (account.commits, ledger.commits)
        };
        let (account, ledger) = (self.books.accounts.at(&number), &self.books.ledger);
        let commits = match self.dice.one_in(2) {
            true => {
                let states = (account, ledger);
                let booked = self.books.update_many(states, |(a, l)| both(a, l));
                booked.await
            }
            false => {
                let states = (ledger, account);
                let booked = self.books.update_many(states, |(l, a)| both(a, l));
                booked.await
            }
        };
        let (commit, of_ledger) = commits.unwrap();
        self.account_has(number, commit);
        self.acknowledged.add(of_ledger);
    }

    /// Two accounts, in any order.
    async fn transfer(&mut self, one: u64) {
        let other = self.dice.below(LAST);
        let accounts = &self.books.accounts;
        let both = (accounts.at(&one), accounts.at(&other));
        let changed = self.books.update_many(both, |(one, other)| {
            one.begin();
            other.begin();
            other.finish();
            one.finish();
            (one.commits, other.commits)
        });
        match changed.await {
            Ok((first, second)) => {
                self.account_has(one, first);
                self.account_has(other, second);
            }
            Err(LockError::Twice { .. }) => assert_eq!(one, other),
            Err(error) => panic!("{error}"),
        }
    }

    fn account_has(&self, number: u64, commit: u64) {
        if let Some(known) = self.of_accounts.get(number as usize) {
            known.add(commit);
        }
    }
}
