//! Responses that are kept with their commits, for clients that send a request again.
//!
//! A response is found by what identifies the client's key, and belongs to one client. When there are too many, the client
//! that takes the most room loses its oldest one, so no client can push out the responses of others. What a response is
//! made of is not known here: it is bytes.

use crate::sync::{Mutex, MutexGuard};
use futures_util::future::BoxFuture;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// A number that nobody finds twice. It is the same in every process, since stores keep it.
pub(crate) type Hash = [u8; 32];

/// Whose request it is.
pub(crate) type ClientId = Hash;

/// How many responses are kept, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResponseLimits {
    pub(crate) keep_for: Duration,
    pub(crate) max_responses: usize,
    /// What all of them may take up in memory.
    pub(crate) max_bytes: usize,
}

/// The responses that are kept, and the calls that run.
#[derive(Default)]
pub(crate) struct Responses {
    table: Mutex<Table>,
    /// Where the responses are that other processes have kept.
    elsewhere: Option<Arc<dyn KeptElsewhere>>,
}

#[derive(Default)]
struct Table {
    limits: ResponseLimits,
    /// What the calls were asked for that have not ended.
    running: HashMap<Hash, Hash>,
    /// In the order of their commits, which is the order in which their time is over.
    kept: BTreeMap<u64, Kept>,
    numbers: HashMap<Hash, u64>,
    last_number: u64,
    clients: HashMap<ClientId, Client>,
    /// By what they take up.
    by_bytes: BTreeSet<(usize, ClientId)>,
    bytes: usize,
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

/// A response that is kept with its commit, as a store writes it.
#[derive(Clone)]
pub struct ResponseRecord {
    id: Hash,
    client: ClientId,
    request: Hash,
    response: Arc<[u8]>,
    keep_for: Duration,
}

/// Responses that other processes have kept.
pub(crate) trait KeptElsewhere: Send + Sync {
    /// The response that was kept under this id.
    fn find(&self, id: Hash) -> BoxFuture<'static, Result<Option<ResponseRecord>, String>>;
}

/// What is known of a call that a client asks for.
pub(crate) enum Claim {
    /// It was done.
    Kept(Arc<[u8]>),
    /// It is running.
    Running,
    /// The key stands for another request.
    OtherRequest,
    /// Nobody else does it until the claim is dropped.
    New(RunningCall),
}

/// A call that runs. While it does, nobody else starts it.
pub(crate) struct RunningCall {
    responses: Arc<Responses>,
    id: Hash,
    client: ClientId,
    request: Hash,
}

/// A call that has run, with its response.
pub(crate) struct KeptResponse {
    call: RunningCall,
    record: ResponseRecord,
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

impl Responses {
    /// With what a store has kept.
    pub(crate) fn of(records: Vec<ResponseRecord>) -> Arc<Self> {
        let responses = Self::default();
        let mut table = responses.table();
        records.into_iter().for_each(|record| table.keep(record));
        drop(table);
        Arc::new(responses)
    }

    /// With what a store has kept that other processes use as well.
    #[cfg(feature = "postgres")]
    pub(super) fn of_shared(store: Arc<dyn KeptElsewhere>) -> Arc<Self> {
        Arc::new(Self {
            table: Mutex::default(),
            elsewhere: Some(store),
        })
    }

    /// Asks the store for the response to a call that another process may have run, if there are other processes.
    pub(crate) async fn kept_elsewhere(&self, call: RunningCall) -> Result<Claim, String> {
        let Some(store) = &self.elsewhere else {
            return Ok(Claim::New(call));
        };
        let found = store.find(call.id).await?;
        Ok(match found {
            None => Claim::New(call),
            Some(kept) if kept.request == call.request => Claim::Kept(kept.response),
            Some(_) => Claim::OtherRequest,
        })
    }

    pub(crate) fn set_limits(&self, limits: ResponseLimits) {
        let mut table = self.table();
        table.limits = limits;
        table.remove_excess();
    }

    /// Claims a call for whoever asks. `id` stands for the client and its key, and `request` for what it asks.
    pub(crate) fn claim(self: &Arc<Self>, id: Hash, client: ClientId, request: Hash) -> Claim {
        let mut table = self.table();
        table.remove_outdated();
        if let Some(kept) = table.find(&id) {
            return match kept.request == request {
                true => Claim::Kept(Arc::clone(&kept.response)),
                false => Claim::OtherRequest,
            };
        }
        match table.running.get(&id) {
            Some(running) if *running == request => return Claim::Running,
            Some(_) => return Claim::OtherRequest,
            None => table.running.insert(id, request),
        };
        Claim::New(RunningCall {
            responses: Arc::clone(self),
            id,
            client,
            request,
        })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn find(&self, id: &Hash) -> Option<&ResponseRecord> {
        let number = self.numbers.get(id)?;
        self.kept.get(number).map(|kept| &kept.record)
    }

    fn keep(&mut self, record: ResponseRecord) {
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

    fn remove_outdated(&mut self) {
        let now = Instant::now();
        while let Some((number, kept)) = self.kept.first_key_value()
            && kept.until <= now
        {
            self.remove(*number);
        }
    }

    /// The client that takes the most room loses its oldest response.
    fn remove_excess(&mut self) {
        while (self.kept.len() > self.limits.max_responses || self.bytes > self.limits.max_bytes)
            && let Some((_, client)) = self.by_bytes.last()
        {
            let oldest = self.clients[client].numbers.front();
            let oldest = *oldest.expect("a client that is known has a response");
            self.remove(oldest);
        }
    }

    /// Removes the oldest response of a client.
    fn remove(&mut self, number: u64) {
        let Some(Kept { record, .. }) = self.kept.remove(&number) else {
            return;
        };
        self.numbers.remove(&record.id);
        self.bytes -= record.bytes();
        self.set_bytes(record.client, 0, |client| {
            let removed = client.numbers.pop_front();
            debug_assert_eq!(removed, Some(number));
            client.bytes -= record.bytes();
        });
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

impl RunningCall {
    /// The call is done: its response is kept with its commit.
    pub(crate) fn keep(self, response: Vec<u8>) -> KeptResponse {
        let keep_for = self.responses.table().limits.keep_for;
        let record = ResponseRecord {
            id: self.id,
            client: self.client,
            request: self.request,
            response: response.into(),
            keep_for,
        };
        KeptResponse { call: self, record }
    }
}

impl Drop for RunningCall {
    fn drop(&mut self) {
        self.responses.table().running.remove(&self.id);
    }
}

impl KeptResponse {
    /// As the store writes it.
    pub(crate) fn record(&self) -> ResponseRecord {
        self.record.clone()
    }

    /// The commit is durable: the next claim finds the response.
    pub(crate) fn publish(self) {
        let Self { call, record } = self;
        call.responses.table().keep(record);
    }
}

/// The parts of a response that is kept, for a store that has a column for each.
#[cfg(feature = "postgres")]
pub(super) struct ResponseParts<'r> {
    pub(super) id: &'r [u8],
    pub(super) client: &'r [u8],
    pub(super) request: &'r [u8],
    pub(super) response: &'r [u8],
}

#[cfg(feature = "postgres")]
impl ResponseRecord {
    /// Its parts.
    pub(super) fn parts(&self) -> ResponseParts<'_> {
        ResponseParts {
            id: &self.id,
            client: &self.client,
            request: &self.request,
            response: &self.response,
        }
    }
}

impl ResponseRecord {
    /// What identifies it: a hash of the client and its key.
    #[must_use]
    pub fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// How long it is to be kept from now on.
    #[must_use]
    pub fn keep_for(&self) -> Duration {
        self.keep_for
    }

    /// As [`keep_for`](Self::keep_for), after a part of that time has passed.
    #[must_use]
    pub fn with_keep_for(self, keep_for: Duration) -> Self {
        Self { keep_for, ..self }
    }

    /// All of it but the time, to be written.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.id, &self.client, &self.request, &self.response[..]].concat()
    }

    /// What [`to_bytes`](Self::to_bytes) has written; `None` if it is something else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8], keep_for: Duration) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk()?;
        let (client, rest) = rest.split_first_chunk()?;
        let (request, response) = rest.split_first_chunk()?;
        Some(Self {
            id: *id,
            client: *client,
            request: *request,
            response: response.into(),
            keep_for,
        })
    }

    /// About as much as it takes up in memory, with its part of the tables.
    fn bytes(&self) -> usize {
        self.response.len() + 400
    }
}

// What a client was told is not for logs.
impl fmt::Debug for ResponseRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseRecord").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: u8) -> Hash {
        [number; 32]
    }

    /// Runs a call of a client, and keeps its response.
    fn call(responses: &Arc<Responses>, client: u8, key: u8) {
        let Claim::New(call) = responses.claim(hash(key), hash(client), hash(0)) else {
            panic!("it is known already");
        };
        call.keep(vec![key]).publish();
    }

    fn is_kept(responses: &Arc<Responses>, key: u8) -> bool {
        matches!(
            responses.claim(hash(key), hash(0), hash(0)),
            Claim::Kept(response) if *response == [key]
        )
    }

    fn limited(max_responses: usize) -> Arc<Responses> {
        let responses = Arc::<Responses>::default();
        responses.set_limits(ResponseLimits {
            max_responses,
            ..ResponseLimits::default()
        });
        responses
    }

    #[test]
    fn a_client_with_many_responses_loses_its_own() {
        let responses = limited(4);
        call(&responses, 1, 10);
        for key in 20..30 {
            call(&responses, 2, key);
        }
        assert!(is_kept(&responses, 10));
        assert!(!is_kept(&responses, 26));
        assert!([27, 28, 29].iter().all(|key| is_kept(&responses, *key)));
    }

    #[test]
    fn a_response_is_kept_for_its_time() {
        let responses = limited(4);
        responses.set_limits(ResponseLimits {
            keep_for: Duration::ZERO,
            ..ResponseLimits::default()
        });
        call(&responses, 1, 10);
        assert!(!is_kept(&responses, 10));
        let table = responses.table();
        assert_eq!(
            (table.bytes, table.clients.len(), table.numbers.len()),
            (0, 0, 0)
        );
    }

    #[test]
    fn a_call_that_is_dropped_can_be_claimed_again() {
        let responses = limited(4);
        let claim = || responses.claim(hash(1), hash(1), hash(0));
        let first = claim();
        assert!(matches!(claim(), Claim::Running));
        drop(first);
        assert!(matches!(claim(), Claim::New(_)));
    }

    #[test]
    fn a_record_reads_back() {
        let record = ResponseRecord {
            id: hash(1),
            client: hash(2),
            request: hash(3),
            response: [4, 5].into(),
            keep_for: Duration::from_secs(7),
        };
        let read = ResponseRecord::from_bytes(&record.to_bytes(), record.keep_for()).unwrap();
        let responses = Responses::of(vec![read]);
        let claim = responses.claim(hash(1), hash(2), hash(3));
        assert!(matches!(claim, Claim::Kept(response) if *response == [4, 5]));
        assert!(ResponseRecord::from_bytes(&[0; 90], Duration::ZERO).is_none());
    }
}
