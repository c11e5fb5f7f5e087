//! Random requests over real sockets.

use crate::accounts::PERMANENT;
use crate::app::{Audit, Books, CLIENTS, Ledger, LedgerView, Other};
use crate::config::{
    Config, Rng, StoreKind, assert_memory_is_freed, resident_kilobytes, run_alone,
};
use crate::totals::Acknowledged;
use http::StatusCode;
use kr_runtime::Host;
use kr_tests::{Client, Response, serve};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// The commits that were acknowledged to any client.
pub(crate) struct AllAcknowledged {
    ledger: Acknowledged,
    other: Acknowledged,
    pub(crate) accounts: [Acknowledged; PERMANENT],
}

/// A client, and what it knows of the state.
pub(crate) struct HttpClient {
    pub(crate) number: usize,
    pub(crate) rng: Rng,
    pub(crate) address: SocketAddr,
    pub(crate) connection: Client,
    pub(crate) books: Books,
    pub(crate) acknowledged: Arc<AllAcknowledged>,
    store: StoreKind,
    /// The newest commit of each lock that it has seen.
    last_seen: [u64; 2],
    pub(crate) last_seen_accounts: [u64; PERMANENT],
    own_commits: u64,
    /// The number of its requests with an unknown outcome, for each lock: it disconnected before the response.
    pub(crate) unknown: [u64; 2],
    pub(crate) unknown_accounts: [u64; PERMANENT],
}

/// Path, whether the request commits under the first and the second lock, and the status of the response.
const REQUESTS: [(&str, [bool; 2], u16); 16] = [
    ("/seen", [false; 2], 200),
    ("/seen", [false; 2], 200),
    ("/add", [true, false], 200),
    ("/add", [true, false], 200),
    ("/add", [true, false], 200),
    ("/add-slowly", [true, false], 200),
    ("/short-timeout", [true, false], 200),
    ("/fail", [false; 2], 409),
    ("/fail-slowly", [false; 2], 409),
    ("/panic", [false; 2], 500),
    ("/panic-slowly", [false; 2], 500),
    ("/both", [true; 2], 200),
    ("/both-reversed", [true; 2], 200),
    ("/both", [true; 2], 200),
    ("/both-reversed", [true; 2], 200),
    ("/other", [false, true], 200),
];

impl HttpClient {
    async fn send_request(&mut self) {
        match self.rng.one_in(3) {
            true => self.send_account_request().await,
            false => self.send_ledger_request().await,
        }
    }

    async fn send_ledger_request(&mut self) {
        // A handler that never ends blocks all others until its hold timeout, so it is rare.
        let never_ends = ("/never-ends", [false; 2], 503);
        let (path, commits, status) = match self.rng.one_in(300) {
            true => never_ends,
            false => REQUESTS[self.rng.below(16) as usize],
        };
        let short_timeout = path == "/short-timeout";
        let path = match path {
            "/other" | "/seen" => path.to_owned(),
            path => format!("{path}/{}", self.number),
        };
        let reads = path == "/seen";
        let request = async {
            match reads {
                true => self.connection.get(&path).await,
                false => self.connection.post(&path).await,
            }
        };
        // Most clients that disconnect do so during the wait or the handler. Some have their response by then.
        let limit = match self.rng.one_in(12) {
            true => Duration::from_micros(self.rng.below(6000)),
            false => Duration::from_secs(60),
        };
        match timeout(limit, request).await {
            Ok(response) if self.was_not_kept(&response) => {}
            Ok(response) if short_timeout && response.status == StatusCode::SERVICE_UNAVAILABLE => {
                assert_eq!(response.json()["lock"], "ledger");
            }
            Ok(response) => {
                assert_eq!(response.status, status, "{path}: {}", response.text());
                if status == 200 {
                    self.check(&response, commits);
                }
            }
            Err(_) => {
                assert!(limit < Duration::from_secs(60), "{path}: no response");
                self.connection = Client::connect(self.address).await;
                for (unknown, commits) in self.unknown.iter_mut().zip(commits) {
                    *unknown += u64::from(commits);
                }
            }
        }
    }

    /// Whether the store has not kept what this response would have been made from.
    pub(crate) fn was_not_kept(&self, response: &Response) -> bool {
        self.store == StoreKind::Unreliable
            && response.status == StatusCode::SERVICE_UNAVAILABLE
            && response.text().contains("nothing was changed; try again")
            && response.text().contains("could not be kept")
    }

    fn check(&mut self, response: &Response, [ledger, other]: [bool; 2]) {
        let other_commits = if other && !ledger {
            Some(response.json().as_u64().unwrap())
        } else {
            let seen: LedgerView = serde_json::from_slice(&response.body).unwrap();
            self.check_ledger(&seen, ledger);
            seen.other
        };
        assert_eq!(other_commits.is_some(), other);
        if let Some(commit) = other_commits {
            assert!(commit > self.last_seen[1], "the client saw an older value");
            self.last_seen[1] = commit;
            self.acknowledged.other.add(commit);
        }
    }

    /// Checks the ledger of a response, to a request that changed it if it `commits`.
    pub(crate) fn check_ledger(&mut self, seen: &LedgerView, commits: bool) {
        seen.assert_consistent();
        let commit = seen.ledger.commits;
        assert!(
            commit >= self.last_seen[0] + u64::from(commits),
            "the client saw an older value"
        );
        self.last_seen[0] = commit;
        if commits {
            self.own_commits += 1;
            self.acknowledged.ledger.add(commit);
        }
    }
}

/// Waits until all requests have ended: a client that disconnected does not see the end of its request.
async fn wait_until_idle(books: &Books) {
    let mut quiet = (0, 0);
    for _ in 0..1000 {
        sleep(Duration::from_millis(20)).await;
        let idle = books
            .locks()
            .iter()
            .all(|lock| lock.holder.is_none() && lock.waiting == 0);
        let accounts = books.accounts.entries().await.unwrap();
        let revision = books.latest::<Ledger>().unwrap().revision()
            + books.latest::<Other>().unwrap().revision()
            + accounts
                .iter()
                .map(|(_, account)| account.revision())
                .sum::<u64>();
        quiet = match quiet {
            (known, times) if idle && known == revision => (known, times + 1),
            _ => (revision, 0),
        };
        if quiet.1 == 5 {
            return;
        }
    }
    panic!("requests do not end: {:?}", books.locks());
}

async fn run(config: Config) {
    let books = Books::new();
    let (store, kept) = config.store();
    let app = books
        .app()
        .lock_timeout(Duration::from_secs(40))
        .store(store);
    let locks = app.locks();
    let address = serve(app.into_router().unwrap()).await;
    let max = config.requests + CLIENTS;
    let all_acknowledged = Arc::new(AllAcknowledged {
        ledger: Acknowledged::up_to(max),
        other: Acknowledged::up_to(max),
        accounts: std::array::from_fn(|_| Acknowledged::up_to(max)),
    });
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        clients.push(HttpClient {
            number,
            rng: Rng::new(config.seed, number),
            address,
            connection: Client::connect(address).await,
            books: books.clone(),
            acknowledged: Arc::clone(&all_acknowledged),
            store: config.store,
            last_seen: [0; 2],
            last_seen_accounts: [0; PERMANENT],
            own_commits: 0,
            unknown: [0; 2],
            unknown_accounts: [0; PERMANENT],
        });
    }
    let mut before = None;
    for part in [config.requests / 10, config.requests - config.requests / 10] {
        let each = part.div_ceil(CLIENTS);
        let running: Vec<_> = clients
            .drain(..)
            .map(|mut client| {
                tokio::spawn(async move {
                    for _ in 0..each {
                        client.send_request().await;
                    }
                    client
                })
            })
            .collect();
        for client in running {
            clients.push(client.await.unwrap());
        }
        before = before.or_else(resident_kilobytes);
    }
    wait_until_idle(&books).await;
    books.assert_only_permanent_accounts().await;
    let after = resident_kilobytes();

    let (ledger, other) = (
        books.latest::<Ledger>().unwrap(),
        books.latest::<Other>().unwrap(),
    );
    LedgerView::new(&ledger, &books.latest::<Audit>().unwrap()).assert_consistent();
    assert_eq!(other.mirror, other.commits);
    match &kept {
        None => {
            assert_eq!(ledger.revision(), ledger.commits, "revisions are not dense");
            assert_eq!(other.revision(), other.commits, "revisions are not dense");
        }
        // What the store has kept is what there is, no more and no less.
        Some(kept) => {
            assert_eq!(kept.of("ledger").0, ledger.commits);
            assert_eq!(kept.of("other").0, other.commits);
            println!("kept and not kept: {:?}", kept.of("ledger"));
        }
    }
    let unknown = |lock: usize| clients.iter().map(|client| client.unknown[lock]).sum();
    all_acknowledged.ledger.check(ledger.commits, unknown(0));
    all_acknowledged.other.check(other.commits, unknown(1));
    for (number, acknowledged) in all_acknowledged.accounts.iter().enumerate() {
        let of_one = |client: &HttpClient| client.unknown_accounts[number];
        let unknown = clients.iter().map(of_one).sum();
        let account = books.accounts.latest(&(number as u64)).unwrap();
        acknowledged.check(account.commits, unknown);
    }
    for client in &clients {
        let (acknowledged, committed) = (client.own_commits, ledger.by_client[client.number]);
        assert!(acknowledged <= committed && committed <= acknowledged + client.unknown[0]);
    }
    for lock in books.locks() {
        println!("{}: {:?}", lock.lock, lock.counters);
    }
    assert_eq!(
        format!("{locks:?}").matches('"').count(),
        4,
        "entries are left: {locks:?}"
    );
    assert_memory_is_freed(before, after, 16 * 1024);
}

#[test]
fn random_requests_over_http_lose_nothing_and_leave_nothing() {
    run_alone(run, Config::from_env(10_000, StoreKind::Memory));
}

#[test]
fn random_requests_over_http_lose_nothing_although_the_store_is_unreliable() {
    run_alone(run, Config::from_env(10_000, StoreKind::Unreliable));
}
