//! A client's requests for accounts.

use crate::accounts::{AccountView, PERMANENT, TEMPORARY};
use crate::http::HttpClient;
use http::StatusCode;
use kr_tests::{Client, Response};
use std::time::Duration;
use tokio::time::timeout;

/// A request for an account.
#[derive(Clone, Copy)]
struct Request {
    path: &'static str,
    /// Whether it changes the account.
    commits: bool,
    /// Whether it changes the ledger as well.
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

/// The first `WITHOUT_COMMIT` requests commit nothing.
const REQUESTS: [Request; 14] = [
    reads("look"),
    reads("look"),
    fails("fail", 409),
    fails("fail", 409),
    fails("panic", 500),
    fails("panic-slowly", 500),
    commits("deposit"),
    commits("deposit"),
    commits("deposit"),
    commits("deposit-slowly"),
    commits("deposit-slowly"),
    commits("deposit-short-timeout"),
    books("book"),
    books("book-reversed"),
];

const WITHOUT_COMMIT: u64 = 6;

impl HttpClient {
    pub(crate) async fn send_account_request(&mut self) {
        let (number, request) = self.account_and_request();
        let Some(request) = request else {
            self.books.close(number).await;
            return;
        };
        let rest = match request.path {
            "deposit-slowly" => format!("{}/{}", request.path, self.rng.below(3)),
            "book" | "book-reversed" => format!("{}/{}", request.path, self.number),
            path => path.to_owned(),
        };
        let path = format!("/account/{number}/{rest}");
        let has_short_timeout = request.path == "deposit-short-timeout";
        let response = async {
            match request.path {
                "look" => self.connection.get(&path).await,
                _ => self.connection.post(&path).await,
            }
        };
        let limit = match self.rng.one_in(12) {
            true => Duration::from_micros(self.rng.below(3000)),
            false => Duration::from_secs(60),
        };
        match timeout(limit, response).await {
            Ok(response) if self.was_not_kept(&response) => {}
            Ok(response)
                if has_short_timeout && response.status == StatusCode::SERVICE_UNAVAILABLE =>
            {
                assert_eq!(response.json()["lock"], format!("account:{number}"));
            }
            Ok(response) => {
                assert_eq!(
                    response.status,
                    request.status,
                    "{path}: {}",
                    response.text()
                );
                if request.status == 200 {
                    self.check_account(&response, number, request);
                }
            }
            Err(_) => {
                assert!(limit < Duration::from_secs(60), "{path}: no response");
                self.connection = Client::connect(self.address).await;
                self.unknown[0] += u64::from(request.books);
                if let Some(unknown) = self.unknown_accounts.get_mut(number as usize) {
                    *unknown += u64::from(request.commits);
                }
            }
        }
    }

    /// Chooses an account and a request for it, or no request if the account is to be removed.
    fn account_and_request(&mut self) -> (u64, Option<Request>) {
        let (permanent, temporary) = (PERMANENT as u64, TEMPORARY as u64);
        let any = self.rng.below(REQUESTS.len() as u64) as usize;
        let without_commit = self.rng.below(WITHOUT_COMMIT) as usize;
        match self.rng.below(16) {
            0..7 => (self.rng.below(permanent), Some(REQUESTS[any])),
            7..11 => (permanent + self.rng.below(temporary), Some(REQUESTS[any])),
            11 => (permanent + self.rng.below(temporary), None),
            // Several clients use the same account, which no commit creates.
            12..15 => (1000 + self.rng.below(3), Some(REQUESTS[without_commit])),
            _ => (
                1_000_000 + self.rng.below(u64::MAX / 2),
                Some(REQUESTS[without_commit]),
            ),
        }
    }

    fn check_account(&mut self, response: &Response, number: u64, request: Request) {
        let seen: AccountView = serde_json::from_slice(&response.body).unwrap();
        seen.assert_consistent();
        if let Some(ledger) = &seen.ledger {
            self.check_ledger(ledger, true);
        }
        assert_eq!(seen.ledger.is_some(), request.books);
        let commit = seen.account.commits;
        let Some(acknowledged) = self.acknowledged.accounts.get(number as usize) else {
            let may_exist = number < (PERMANENT + TEMPORARY) as u64;
            assert!(
                may_exist || commit == 0,
                "an account that no commit created"
            );
            return;
        };
        let last = &mut self.last_seen_accounts[number as usize];
        assert!(
            commit >= *last + u64::from(request.commits),
            "the client saw an older value"
        );
        *last = commit;
        if request.commits {
            acknowledged.add(commit);
        }
    }
}
