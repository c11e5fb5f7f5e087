//! A worker's updates of accounts.

use crate::accounts::{Account, PERMANENT, TEMPORARY};
use crate::app::Ledger;
use crate::in_process::{ChangeError, End, Worker};
use kr_runtime::{Host, LockError, UpdateError};
use std::panic::resume_unwind;
use std::thread;
use tokio::task::yield_now;

const LAST: u64 = (PERMANENT + TEMPORARY) as u64;

impl Worker {
    pub(crate) async fn change_accounts(&mut self) {
        let number = self.rng.below(LAST);
        match self.rng.below(12) {
            0..4 => {
                let end = self.end();
                self.change_account(number, end).await;
            }
            // An account that no commit creates, used by several workers.
            4 => {
                let end = [End::Fails, End::Panics][self.rng.below(2) as usize];
                let number = match self.rng.one_in(2) {
                    true => 1000 + self.rng.below(3),
                    false => 1_000_000 + self.rng.below(u64::MAX / 2),
                };
                self.change_account(number, end).await;
                assert_eq!(self.books.accounts.latest(&number).unwrap().commits, 0);
            }
            5..7 => self.book(number).await,
            7..9 => self.transfer(number).await,
            9 => self
                .books
                .accounts
                .latest(&number)
                .unwrap()
                .assert_consistent(),
            10 => {
                for (_, account) in self.books.accounts.entries().await.unwrap() {
                    account.assert_consistent();
                }
            }
            _ => {
                let temporary = PERMANENT as u64 + self.rng.below(TEMPORARY as u64);
                self.books.close(temporary).await;
            }
        }
    }

    /// Updates an account in a spawned task, which may fail, panic, or be aborted at any point.
    async fn change_account(&mut self, number: u64, end: End) {
        let books = self.books.clone();
        let changing = tokio::spawn(async move {
            let change = |account: &mut Account| {
                account.begin();
                // Lets other requests arrive and wait.
                thread::yield_now();
                match end {
                    End::Panics => resume_unwind(Box::new("half done")),
                    End::Fails => return Err(ChangeError::HalfDone),
                    End::Commits => account.finish(),
                }
                Ok(account.commits)
            };
            books.accounts.try_update(&number, change).await
        });
        if self.rng.one_in(4) {
            for _ in 0..self.rng.below(6) {
                yield_now().await;
            }
            changing.abort();
        }
        match changing.await {
            Ok(Ok(commit)) => self.add_account_commit(number, commit),
            Ok(Err(ChangeError::HalfDone)) => assert!(end == End::Fails),
            Ok(Err(ChangeError::Update(error))) => self.assert_not_kept(error),
            Err(error) if error.is_cancelled() => {
                if let Some(unknown) = self.unknown_accounts.get_mut(number as usize) {
                    *unknown += 1;
                }
            }
            Err(_) => assert!(end == End::Panics),
        }
    }

    /// Updates an account and the ledger, named in either order.
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
        let commits = match self.rng.one_in(2) {
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
        match commits {
            Ok((commit, ledger_commit)) => {
                self.add_account_commit(number, commit);
                self.acknowledged.add(ledger_commit);
            }
            Err(error) => self.assert_not_kept(error),
        }
    }

    /// Updates two accounts, in any order.
    async fn transfer(&mut self, one: u64) {
        let other = self.rng.below(LAST);
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
                self.add_account_commit(one, first);
                self.add_account_commit(other, second);
            }
            Err(UpdateError::Lock(LockError::DuplicateBorrow { .. })) => assert_eq!(one, other),
            Err(error) => self.assert_not_kept(error),
        }
    }

    fn add_account_commit(&self, number: u64, commit: u64) {
        if let Some(acknowledged) = self.acknowledged_accounts.get(number as usize) {
            acknowledged.add(commit);
        }
    }
}
