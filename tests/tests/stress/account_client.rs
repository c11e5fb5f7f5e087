//! A visitor's dealings with accounts.

use crate::accounts::{LASTING, PASSING, SeenAccount};
use crate::http::Visitor;
use http::StatusCode;
use kr_tests::{Answer, Client};
use std::time::Duration;
use tokio::time::timeout;

/// A request about an account.
#[derive(Clone, Copy)]
struct Request {
    path: &'static str,
    /// Whether it changes the account.
    commits: bool,
    /// Whether it changes the ledger, too.
    books: bool,
    status: u16,
}

const fn reads(path: &'static str) -> Request {
    Request {
        path,
        commits: false,
        books: false,
        status: 200,
    }
}

const fn commits(path: &'static str) -> Request {
    Request {
        commits: true,
        ..reads(path)
    }
}

const fn books(path: &'static str) -> Request {
    Request {
        books: true,
        ..commits(path)
    }
}

const fn fails(path: &'static str, status: u16) -> Request {
    Request {
        status,
        ..reads(path)
    }
}

/// The first ones leave everything as it was.
const REQUESTS: [Request; 14] = [
    reads("look"),
    reads("look"),
    fails("refuse", 409),
    fails("refuse", 409),
    fails("panic", 500),
    fails("panic-slowly", 500),
    commits("deposit"),
    commits("deposit"),
    commits("deposit"),
    commits("deposit-slowly"),
    commits("deposit-slowly"),
    commits("deposit-impatiently"),
    books("book"),
    books("book-reversed"),
];

const IN_VAIN: u64 = 6;

impl Visitor {
    pub(crate) async fn ask_about_an_account(&mut self) {
        let (number, request) = self.account_and_request();
        let Some(request) = request else {
            self.books.close(number).await.unwrap();
            return;
        };
        let rest = match request.path {
            "deposit-slowly" => format!("{}/{}", request.path, self.dice.below(3)),
            "book" | "book-reversed" => format!("{}/{}", request.path, self.number),
            path => path.to_owned(),
        };
        let path = format!("/account/{number}/{rest}");
        let is_impatient = request.path == "deposit-impatiently";
        let answer = async {
            match request.path {
                "look" => self.client.get(&path).await,
                _ => self.client.post(&path).await,
            }
        };
        let patience = match self.dice.one_in(12) {
            true => Duration::from_micros(self.dice.below(3000)),
            false => Duration::from_secs(60),
        };
        match timeout(patience, answer).await {
            Ok(answer) if is_impatient && answer.status == StatusCode::SERVICE_UNAVAILABLE => {
                assert_eq!(answer.json()["lock"], format!("account:{number}"));
            }
            Ok(answer) => {
                assert_eq!(answer.status, request.status, "{path}: {}", answer.text());
                if request.status == 200 {
                    self.check_account(&answer, number, request);
                }
            }
            Err(_) => {
                assert!(patience < Duration::from_secs(60), "{path}: no answer");
                self.client = Client::connect(self.address).await;
                self.unheard[0] += u64::from(request.books);
                if let Some(unheard) = self.unheard_of_accounts.get_mut(number as usize) {
                    *unheard += u64::from(request.commits);
                }
            }
        }
    }

    /// Which account it is about, and what is asked; or nothing, if it is to be closed.
    fn account_and_request(&mut self) -> (u64, Option<Request>) {
        let (lasting, passing) = (LASTING as u64, PASSING as u64);
        let any = self.dice.below(REQUESTS.len() as u64) as usize;
        let in_vain = self.dice.below(IN_VAIN) as usize;
        match self.dice.below(16) {
            0..7 => (self.dice.below(lasting), Some(REQUESTS[any])),
            7..11 => (lasting + self.dice.below(passing), Some(REQUESTS[any])),
            11 => (lasting + self.dice.below(passing), None),
            // Some meet at an account that nobody opens.
            12..15 => (1000 + self.dice.below(3), Some(REQUESTS[in_vain])),
            _ => (
                1_000_000 + self.dice.below(u64::MAX / 2),
                Some(REQUESTS[in_vain]),
            ),
        }
    }

    fn check_account(&mut self, answer: &Answer, number: u64, request: Request) {
        let seen: SeenAccount = serde_json::from_slice(&answer.body).unwrap();
        seen.agrees();
        if let Some(ledger) = &seen.ledger {
            self.check_ledger(ledger, true);
        }
        assert_eq!(seen.ledger.is_some(), request.books);
        let commit = seen.account.commits;
        let Some(known) = self.known.accounts.get(number as usize) else {
            let is_open = number < (LASTING + PASSING) as u64;
            assert!(is_open || commit == 0, "an account that nobody opened");
            return;
        };
        let last = &mut self.seen_of_accounts[number as usize];
        assert!(commit >= *last + u64::from(request.commits), "it went back");
        *last = commit;
        if request.commits {
            known.add(commit);
        }
    }
}
