//! The work that the application does until it is ended.

use super::{Event, Office, Page, Running};
use kr_runtime::Host as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::task::JoinSet;

/// How many accounts there are.
const ACCOUNTS: u64 = 12;

/// How many tasks move money.
const MOVERS: u64 = 4;

/// Works until it is dropped, or the store refuses something. `report` hears of every answer before the next question is asked. Numbers of
/// tickets, and keys of requests, go on from `first`.
///
/// # Panics
/// If an answer is not what it should be.
pub async fn work(running: &Running, first: u64, report: impl Fn(Event) + Send + Sync + 'static) {
    let report: Arc<dyn Fn(Event) + Send + Sync> = Arc::new(report);
    let mut tasks = JoinSet::new();
    tasks.spawn(change_page(
        Arc::clone(&running.office),
        Arc::clone(&report),
    ));
    for seed in 1..=MOVERS {
        let office = Arc::clone(&running.office);
        tasks.spawn(move_money(office, first + seed, Arc::clone(&report)));
    }
    tasks.spawn(use_tickets(
        Arc::clone(&running.office),
        first,
        Arc::clone(&report),
    ));
    tasks.spawn(count(Arc::clone(&running.office), Arc::clone(&report)));
    let mut client = running.client().await;
    tasks.spawn(async move {
        for number in first.. {
            let key = format!("order-{number}");
            let headers = [("idempotency-key", &*key)];
            let response = client
                .send_with(http::Method::POST, "/orders", &headers, "")
                .await;
            if response.status != http::StatusCode::OK {
                return;
            }
            let answer = response.json().as_u64().expect("a number");
            report(Event::Ordered(key, answer));
        }
    });
    // Whoever ends has met a failure.
    if let Some(ended) = tasks.join_next().await {
        ended.expect("no panic");
    }
}

type Report = Arc<dyn Fn(Event) + Send + Sync>;

async fn change_page(office: Arc<Office>, report: Report) {
    loop {
        let changed = office.update(|page: &mut Page| {
            page.changes += 1;
            page.changes
        });
        match changed.await {
            Ok(changes) => report(Event::Page(changes)),
            Err(_) => return,
        }
    }
}

async fn move_money(office: Arc<Office>, seed: u64, report: Report) {
    let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    loop {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let from = random % ACCOUNTS;
        let to = (from + 1 + (random >> 20) % (ACCOUNTS - 1)) % ACCOUNTS;
        let accounts = (office.accounts.at(&from), office.accounts.at(&to));
        let moved = office.update_many(accounts, |(from, to)| {
            from.balance -= 1;
            from.changes += 1;
            to.balance += 1;
            to.changes += 1;
            (from.changes, to.changes)
        });
        match moved.await {
            Ok((of_from, of_to)) => report(Event::Moved([(from, of_from), (to, of_to)])),
            Err(_) => return,
        }
    }
}

async fn use_tickets(office: Arc<Office>, first: u64, report: Report) {
    for number in first.. {
        if office
            .tickets
            .update(&number, |ticket| ticket.number = number)
            .await
            .is_err()
        {
            return;
        }
        report(Event::Made(number));
        if number % 10 != 0 {
            report(Event::Removing(number));
            if office.tickets.remove(&number).await.is_err() {
                return;
            }
            report(Event::Removed(number));
        }
    }
}

async fn count(office: Arc<Office>, report: Report) {
    while let Ok(page) = office.read::<Page>().await {
        page.visits.add(1).expect("few visits");
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let micros = now.expect("a time after 1970").as_micros();
        let micros = u64::try_from(micros).expect("a time before the year 500,000");
        report(Event::Counted(page.visits.get(), micros));
        drop(page);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
