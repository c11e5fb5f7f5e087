//! The storm over real sockets.

use crate::accounts::LASTING;
use crate::app::{Audit, Books, CLIENTS, Ledger, Other, Seen};
use crate::config::{Dice, Weather, alone, memory, memory_is_back};
use crate::totals::Acknowledged;
use http::StatusCode;
use kr_runtime::Host;
use kr_tests::{Answer, Client, serve};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// What the clients know together.
pub(crate) struct Known {
    ledger: Acknowledged,
    other: Acknowledged,
    pub(crate) accounts: [Acknowledged; LASTING],
}

/// What one client knows.
pub(crate) struct Visitor {
    pub(crate) number: usize,
    pub(crate) dice: Dice,
    pub(crate) address: SocketAddr,
    pub(crate) client: Client,
    pub(crate) books: Books,
    pub(crate) known: Arc<Known>,
    /// The last commit of each lock that it has seen.
    seen: [u64; 2],
    pub(crate) seen_of_accounts: [u64; LASTING],
    acknowledged: u64,
    /// Its requests that may have been committed without its hearing of it, under each lock.
    pub(crate) unheard: [u64; 2],
    pub(crate) unheard_of_accounts: [u64; LASTING],
}

/// What may be answered: a commit of the first lock, of the second, or another status.
const REQUESTS: [(&str, [bool; 2], u16); 16] = [
    ("/seen", [false; 2], 200),
    ("/seen", [false; 2], 200),
    ("/add", [true, false], 200),
    ("/add", [true, false], 200),
    ("/add", [true, false], 200),
    ("/add-slowly", [true, false], 200),
    ("/impatient", [true, false], 200),
    ("/refuse", [false; 2], 409),
    ("/refuse-slowly", [false; 2], 409),
    ("/panic", [false; 2], 500),
    ("/panic-slowly", [false; 2], 500),
    ("/both", [true; 2], 200),
    ("/both-reversed", [true; 2], 200),
    ("/both", [true; 2], 200),
    ("/both-reversed", [true; 2], 200),
    ("/other", [false, true], 200),
];

impl Visitor {
    async fn ask(&mut self) {
        match self.dice.one_in(3) {
            true => self.ask_about_an_account().await,
            false => self.ask_about_the_ledger().await,
        }
    }

    async fn ask_about_the_ledger(&mut self) {
        // A handler that never ends costs everybody its hold deadline, so there are few.
        let overstay = ("/overstay", [false; 2], 503);
        let (path, commits, status) = match self.dice.one_in(300) {
            true => overstay,
            false => REQUESTS[self.dice.below(16) as usize],
        };
        let impatient = path == "/impatient";
        let path = match path {
            "/other" | "/seen" => path.to_owned(),
            path => format!("{path}/{}", self.number),
        };
        let reads = path == "/seen";
        let request = async {
            match reads {
                true => self.client.get(&path).await,
                false => self.client.post(&path).await,
            }
        };
        // Most who hang up do so while they wait or are served; some have their answer by then.
        let patience = match self.dice.one_in(12) {
            true => Duration::from_micros(self.dice.below(6000)),
            false => Duration::from_secs(60),
        };
        match timeout(patience, request).await {
            Ok(answer) if impatient && answer.status == StatusCode::SERVICE_UNAVAILABLE => {
                assert_eq!(answer.json()["lock"], "ledger");
            }
            Ok(answer) => {
                assert_eq!(answer.status, status, "{path}: {}", answer.text());
                if status == 200 {
                    self.check(&answer, commits);
                }
            }
            Err(_) => {
                assert!(
                    patience < Duration::from_secs(60),
                    "{path} was never answered"
                );
                self.client = Client::connect(self.address).await;
                for (unheard, commits) in self.unheard.iter_mut().zip(commits) {
                    *unheard += u64::from(commits);
                }
            }
        }
    }

    fn check(&mut self, answer: &Answer, [ledger, other]: [bool; 2]) {
        let of_other = if other && !ledger {
            Some(answer.json().as_u64().unwrap())
        } else {
            let seen: Seen = serde_json::from_slice(&answer.body).unwrap();
            self.check_ledger(&seen, ledger);
            seen.other
        };
        assert_eq!(of_other.is_some(), other);
        if let Some(commit) = of_other {
            assert!(commit > self.seen[1], "it went back");
            self.seen[1] = commit;
            self.known.other.add(commit);
        }
    }

    /// What it was shown of the ledger, which it has changed if it `commits`.
    pub(crate) fn check_ledger(&mut self, seen: &Seen, commits: bool) {
        seen.agrees();
        let commit = seen.ledger.commits;
        assert!(commit >= self.seen[0] + u64::from(commits), "it went back");
        self.seen[0] = commit;
        if commits {
            self.acknowledged += 1;
            self.known.ledger.add(commit);
        }
    }
}

/// Waits until nothing goes on any more: who hangs up is not told when its request ends.
async fn settled(books: &Books) {
    let mut quiet = (0, 0);
    for _ in 0..1000 {
        sleep(Duration::from_millis(20)).await;
        let idle = books
            .locks()
            .iter()
            .all(|lock| lock.holder.is_none() && lock.waiting == 0);
        let accounts = books.accounts.entries();
        let revision = books.read::<Ledger>().revision()
            + books.read::<Other>().revision()
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
    panic!("the storm does not end: {:?}", books.locks());
}

async fn storm(weather: Weather) {
    let books = Books::new();
    let app = books.app().lock_timeout(Duration::from_secs(40));
    let locks = app.locks();
    let address = serve(app.into_router().unwrap()).await;
    let most = weather.requests + CLIENTS;
    let known = Arc::new(Known {
        ledger: Acknowledged::up_to(most),
        other: Acknowledged::up_to(most),
        accounts: std::array::from_fn(|_| Acknowledged::up_to(most)),
    });
    let mut visitors = Vec::new();
    for number in 0..CLIENTS {
        visitors.push(Visitor {
            number,
            dice: Dice::new(weather.seed, number),
            address,
            client: Client::connect(address).await,
            books: books.clone(),
            known: Arc::clone(&known),
            seen: [0; 2],
            seen_of_accounts: [0; LASTING],
            acknowledged: 0,
            unheard: [0; 2],
            unheard_of_accounts: [0; LASTING],
        });
    }
    let mut before = None;
    for part in [
        weather.requests / 10,
        weather.requests - weather.requests / 10,
    ] {
        let each = part.div_ceil(CLIENTS);
        let running: Vec<_> = visitors
            .drain(..)
            .map(|mut visitor| {
                tokio::spawn(async move {
                    for _ in 0..each {
                        visitor.ask().await;
                    }
                    visitor
                })
            })
            .collect();
        for visitor in running {
            visitors.push(visitor.await.unwrap());
        }
        before = before.or_else(memory);
    }
    settled(&books).await;
    books.only_lasting_accounts_are_left().await;
    let after = memory();

    let (ledger, other) = (books.read::<Ledger>(), books.read::<Other>());
    Seen::new(&ledger, &books.read::<Audit>()).agrees();
    assert_eq!(ledger.revision(), ledger.commits, "revisions are not dense");
    assert_eq!(
        (other.revision(), other.mirror),
        (other.commits, other.commits)
    );
    let unheard = |lock: usize| visitors.iter().map(|visitor| visitor.unheard[lock]).sum();
    known.ledger.are_all_there(ledger.commits, unheard(0));
    known.other.are_all_there(other.commits, unheard(1));
    for (number, known) in known.accounts.iter().enumerate() {
        let of_one = |visitor: &Visitor| visitor.unheard_of_accounts[number];
        let unheard = visitors.iter().map(of_one).sum();
        let account = books.accounts.read(&(number as u64));
        known.are_all_there(account.commits, unheard);
    }
    for visitor in &visitors {
        let (acknowledged, there) = (visitor.acknowledged, ledger.by_client[visitor.number]);
        assert!(acknowledged <= there && there <= acknowledged + visitor.unheard[0]);
    }
    for lock in books.locks() {
        println!("{}: {:?}", lock.lock, lock.totals);
    }
    assert_eq!(
        format!("{locks:?}").matches('"').count(),
        4,
        "names are left: {locks:?}"
    );
    memory_is_back(before, after, 16 * 1024);
}

#[test]
fn a_storm_over_http_loses_nothing_and_leaves_nothing() {
    let _alone = alone();
    let weather = Weather::of_today(10_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    runtime.unwrap().block_on(storm(weather));
}
