//! Responses that are kept with their commits, for clients that send a request again.
//!
//! A response is found by what identifies the client's key, and belongs to one client. When there are too many, the client
//! that takes the most room loses its oldest one, so no client can push out the responses of others. What a response is
//! made of is not known here: it is bytes.

use super::response_record::{ClientId, Hash, ResponseRecord};
use super::response_table::{ResponseLimits, Table};
use crate::sync::{Mutex, MutexGuard};
use futures_util::future::BoxFuture;
use std::mem;
use std::sync::{Arc, PoisonError};

/// The responses that are kept, and the calls that run.
#[derive(Default)]
pub(crate) struct Responses {
    table: Mutex<Table>,
    /// Where the responses are that other processes have kept.
    elsewhere: Option<Arc<dyn KeptElsewhere>>,
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

impl Responses {
    /// With what a store has kept.
    pub(crate) fn of(records: Vec<ResponseRecord>) -> Arc<Self> {
        let responses = Self::default();
        let mut table = responses.table();
        table.forgotten = Some(Vec::new());
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

    /// The ids of those that were too many, since the last time. The store forgets them as well.
    pub(super) fn take_forgotten(&self) -> Vec<Hash> {
        let mut table = self.table();
        table.forgotten.as_mut().map(mem::take).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

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
    fn a_store_hears_of_those_that_were_too_many() {
        let responses = Responses::of(Vec::new());
        responses.set_limits(ResponseLimits {
            max_responses: 2,
            ..ResponseLimits::default()
        });
        for key in 10..14 {
            call(&responses, 1, key);
        }
        assert_eq!(responses.take_forgotten(), [hash(10), hash(11)]);
        assert!(responses.take_forgotten().is_empty());
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
        assert!(responses.table().is_empty());
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
