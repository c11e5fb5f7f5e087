//! Which responses are kept, and which go when there are too many.

use super::response_record::{ClientId, Hash, ResponseRecord};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::{Duration, Instant};

/// How many responses are kept, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResponseLimits {
    pub(crate) keep_for: Duration,
    pub(crate) max_responses: usize,
    /// What all of them may take up in memory.
    pub(crate) max_bytes: usize,
}

/// The responses that are kept, of which client, and the calls that run.
#[derive(Default)]
pub(super) struct Table {
    pub(super) limits: ResponseLimits,
    /// What the calls were asked for that have not ended.
    pub(super) running: HashMap<Hash, Hash>,
    /// In the order of their commits, which is the order in which their time is over.
    kept: BTreeMap<u64, Kept>,
    numbers: HashMap<Hash, u64>,
    last_number: u64,
    clients: HashMap<ClientId, Client>,
    /// By what they take up.
    by_bytes: BTreeSet<(usize, ClientId)>,
    bytes: usize,
    /// Those that were too many and that the store still has. None without a store.
    pub(super) forgotten: Option<Vec<Hash>>,
}

struct Kept {
    record: ResponseRecord,
    until: Instant,
}

/// What is kept for one client.
#[derive(Default)]
struct Client {
    /// The numbers of its responses, the oldest first.
    numbers: VecDeque<u64>,
    bytes: usize,
}

impl Default for ResponseLimits {
    fn default() -> Self {
        Self {
            keep_for: Duration::from_secs(24 * 60 * 60),
            max_responses: 100_000,
            max_bytes: 64_000_000,
        }
    }
}

impl Table {
    pub(super) fn find(&self, id: &Hash) -> Option<&ResponseRecord> {
        let number = self.numbers.get(id)?;
        self.kept.get(number).map(|kept| &kept.record)
    }

    pub(super) fn keep(&mut self, record: ResponseRecord) {
        self.last_number += 1;
        let number = self.last_number;
        self.numbers.insert(record.id, number);
        self.set_bytes(record.client, record.bytes(), |client| {
            client.numbers.push_back(number);
            client.bytes += record.bytes();
        });
        let until = Instant::now() + record.keep_for;
        self.kept.insert(number, Kept { record, until });
        self.remove_excess();
    }

    pub(super) fn remove_outdated(&mut self) {
        let now = Instant::now();
        while let Some((number, kept)) = self.kept.first_key_value()
            && kept.until <= now
        {
            self.remove(*number);
        }
    }

    /// The client that takes the most room loses its oldest response.
    pub(super) fn remove_excess(&mut self) {
        while (self.kept.len() > self.limits.max_responses || self.bytes > self.limits.max_bytes)
            && let Some((_, client)) = self.by_bytes.last()
        {
            let oldest = self.clients[client].numbers.front();
            let oldest = *oldest.expect("a client that is known has a response");
            let id = self.remove(oldest);
            if let Some(forgotten) = &mut self.forgotten {
                forgotten.extend(id);
            }
        }
    }

    /// Whether nothing is left of the responses that were kept.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
            && self.clients.is_empty()
            && self.by_bytes.is_empty()
            && self.bytes == 0
    }

    /// Removes the oldest response of a client. Returns its id.
    fn remove(&mut self, number: u64) -> Option<Hash> {
        let Kept { record, .. } = self.kept.remove(&number)?;
        self.numbers.remove(&record.id);
        self.bytes -= record.bytes();
        self.set_bytes(record.client, 0, |client| {
            let removed = client.numbers.pop_front();
            debug_assert_eq!(removed, Some(number));
            client.bytes -= record.bytes();
        });
        Some(record.id)
    }

    /// Changes what is kept for a client, and its place in the order.
    fn set_bytes(&mut self, id: ClientId, added: usize, change: impl FnOnce(&mut Client)) {
        let client = self.clients.entry(id).or_default();
        self.by_bytes.remove(&(client.bytes, id));
        change(client);
        self.bytes += added;
        match client.numbers.is_empty() {
            true => drop(self.clients.remove(&id)),
            false => drop(self.by_bytes.insert((client.bytes, id))),
        }
    }
}
