//! A response that is kept with its commit, as a store writes it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A number that nobody finds twice. It is the same in every process, since stores keep it.
pub(crate) type Hash = [u8; 32];

/// Whose request it is.
pub(crate) type ClientId = Hash;

/// A response that is kept with its commit, as a store writes it.
#[derive(Clone)]
pub struct ResponseRecord {
    pub(super) id: Hash,
    pub(super) client: ClientId,
    pub(super) request: Hash,
    pub(super) response: Arc<[u8]>,
    pub(super) keep_for: Duration,
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
    pub(super) fn bytes(&self) -> usize {
        self.response.len() + 400
    }
}

// What a client was told is not for logs.
impl fmt::Debug for ResponseRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseRecord").finish_non_exhaustive()
    }
}
