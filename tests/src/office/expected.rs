//! What the store must have after what the application was answered.

use super::{Event, Orders, Page, Running};
use http::Method;
use kr_runtime::Host as _;
use std::collections::BTreeMap;

/// What the store must have.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    page: u64,
    accounts: BTreeMap<u64, u64>,
    tickets: BTreeMap<u64, Presence>,
    orders: BTreeMap<String, u64>,
    /// The keys of the last ones, and how many there were in all.
    last_orders: Vec<String>,
    order_count: u64,
    /// Some changes were refused, so revisions have gaps.
    has_refusals: bool,
    /// Visits, and when they were counted. The first is what there was before.
    visits: Vec<(i64, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Present,
    Unknown,
    Absent,
}

impl Expected {
    /// Where some changes were refused.
    #[must_use]
    pub fn with_refusals() -> Self {
        Self {
            has_refusals: true,
            ..Self::default()
        }
    }

    /// That was answered.
    pub fn add(&mut self, event: Event) {
        match event {
            Event::Page(changes) => self.page = self.page.max(changes),
            Event::Moved(accounts) => {
                for (key, changes) in accounts {
                    let known = self.accounts.entry(key).or_default();
                    *known = changes.max(*known);
                }
            }
            Event::Made(ticket) => drop(self.tickets.insert(ticket, Presence::Present)),
            Event::Removing(ticket) => drop(self.tickets.insert(ticket, Presence::Unknown)),
            Event::Removed(ticket) => drop(self.tickets.insert(ticket, Presence::Absent)),
            Event::Counted(visits, micros) => self.visits.push((visits, micros)),
            Event::Ordered(key, answer) => {
                self.order_count = self.order_count.max(answer);
                self.last_orders.push(key.clone());
                self.orders.insert(key, answer);
            }
        }
    }

    /// The visits that were counted before that time must be there, in microseconds of the Unix time.
    #[must_use]
    pub fn visits_before(&self, micros: u64) -> i64 {
        let before = self.visits.iter().filter(|(_, at)| *at < micros);
        before.map(|(visits, _)| *visits).max().unwrap_or(0)
    }

    /// How many answers this is about.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tickets.len() + self.orders.len() + self.visits.len()
    }

    /// Whether nothing was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.page == 0 && self.accounts.is_empty() && self.len() == 0
    }

    /// Compares with what an application has that was started again.
    ///
    /// # Errors
    /// The first thing that is missing or wrong.
    pub async fn check(&self, running: &Running) -> Result<(), String> {
        self.check_page(running).await?;
        self.check_accounts(running).await?;
        self.check_tickets(running).await?;
        self.check_orders(running).await
    }

    fn fits(&self, changes: u64, revision: u64) -> bool {
        changes == revision || self.has_refusals && changes < revision
    }

    async fn check_page(&self, running: &Running) -> Result<(), String> {
        let page = running.office.read::<Page>().await.map_err(text)?;
        let (changes, revision) = (page.changes, page.revision());
        ensure(changes >= self.page, || {
            format!("the page was changed {} times and has {changes}", self.page)
        })?;
        ensure(self.fits(changes, revision), || {
            format!("the page has {changes} changes at revision {revision}")
        })?;
        let (counted, visits) = (
            self.visits.iter().map(|(visits, _)| *visits),
            page.visits.get(),
        );
        let most = counted.max().unwrap_or(0) + 1;
        ensure(visits <= most, || {
            format!("{visits} visits, where {most} are the most")
        })
    }

    async fn check_accounts(&self, running: &Running) -> Result<(), String> {
        let entries = running.office.accounts.entries().await.map_err(text)?;
        let sum: i64 = entries.iter().map(|(_, account)| account.balance).sum();
        ensure(sum == 0, || format!("half of a transfer: the sum is {sum}"))?;
        let accounts: BTreeMap<u64, _> = entries.into_iter().collect();
        for (key, known) in &self.accounts {
            let account = accounts
                .get(key)
                .ok_or_else(|| format!("account {key} is missing"))?;
            let (changes, revision) = (account.changes, account.revision());
            ensure(changes >= *known, || {
                format!("account {key} was changed {known} times and has {changes}")
            })?;
            ensure(self.fits(changes, revision), || {
                format!("account {key} has {changes} changes at revision {revision}")
            })?;
        }
        let count = running.office.accounts.len().await.map_err(text)?;
        ensure(count == accounts.len(), || {
            format!("{count} accounts, {} listed", accounts.len())
        })
    }

    async fn check_tickets(&self, running: &Running) -> Result<(), String> {
        let entries = running.office.tickets.entries().await.map_err(text)?;
        let mut tickets = BTreeMap::new();
        for (key, ticket) in entries {
            ensure(ticket.number == key, || {
                format!("ticket {key} has {}", ticket.number)
            })?;
            tickets.insert(key, ticket);
        }
        for (key, presence) in &self.tickets {
            let is_there = tickets.contains_key(key);
            let is_right = match presence {
                Presence::Present => is_there,
                Presence::Unknown => true,
                Presence::Absent => !is_there,
            };
            ensure(is_right, || {
                format!("ticket {key}: {is_there}, where it is {presence:?}")
            })?;
        }
        let last = self.tickets.keys().next_back().copied().unwrap_or(0);
        // One more may have been made whose answer nobody heard.
        let unheard = tickets.keys().filter(|key| !self.tickets.contains_key(key));
        let unheard: Vec<_> = unheard.collect();
        ensure(
            self.has_refusals || unheard.iter().all(|key| **key > last) && unheard.len() <= 1,
            || format!("tickets that nobody has made: {unheard:?}"),
        )
    }

    async fn check_orders(&self, running: &Running) -> Result<(), String> {
        let count = running.office.read::<Orders>().await.map_err(text)?.count;
        let known = self.order_count;
        // Work that was started again after a refusal leaves one each time.
        let most = known + if self.has_refusals { 4 } else { 1 };
        ensure((known..=most).contains(&count), || {
            format!("{known} orders were answered and {count} are there")
        })?;
        if self.last_orders.is_empty() {
            return Ok(());
        }
        let mut client = running.client().await;
        for key in self.last_orders.iter().rev().take(2) {
            let headers = [("idempotency-key", &**key)];
            let response = client
                .send_with(Method::POST, "/orders", &headers, "")
                .await;
            let answer = (response.status.as_u16(), response.text());
            ensure(answer == (200, self.orders[key].to_string()), || {
                format!(
                    "{key} was answered with {} and is with {answer:?}",
                    self.orders[key]
                )
            })?;
        }
        Ok(())
    }

    /// What is there is what must be there from now on.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn settle(&mut self, running: &Running) -> Result<(), String> {
        let page = running.office.read::<Page>().await.map_err(text)?;
        self.page = page.changes;
        self.visits = vec![(page.visits.get(), 0)];
        let entries = running.office.accounts.entries().await.map_err(text)?;
        let changes = entries.iter().map(|(key, account)| (*key, account.changes));
        self.accounts = changes.collect();
        let keys = running.office.tickets.keys().await.map_err(text)?;
        self.tickets = keys
            .into_iter()
            .map(|key| (key, Presence::Present))
            .collect();
        self.order_count = running.office.read::<Orders>().await.map_err(text)?.count;
        self.orders.clear();
        self.last_orders.clear();
        Ok(())
    }
}

fn ensure(holds: bool, message: impl FnOnce() -> String) -> Result<(), String> {
    match holds {
        true => Ok(()),
        false => Err(message()),
    }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}
