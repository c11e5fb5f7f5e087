//! What the tasks of a store have in common.

use super::counting::Counting;
use super::dispatcher::Dispatcher;
use super::errors::{Failure, answered};
use super::ids::Writers;
use super::limits::{Limits, PATIENCE};
use super::questions::Questions;
use super::row::WantedRow;
use super::server::Server;
use super::transaction;
use super::watched::Watched;
use crate::store::response_record::{Hash, ResponseRecord};
use crate::store::shared::{KnownRow, SharedGroup};
#[cfg(feature = "operations")]
use crate::store::store_status::StoreStatus;
use futures_util::TryFutureExt;
use std::time::Duration;
use tokio_postgres::types::{ToSql, Type};

/// What the tasks of a store have in common.
pub(super) struct Core {
    pub(super) server: Server,
    pub(super) limits: Limits,
    /// What the commits of this process leave beside their revisions.
    pub(super) epoch: u64,
    pub(super) writers: Writers,
    pub(super) dispatcher: Dispatcher,
    pub(super) questions: Questions,
    pub(super) counting: Counting,
    pub(super) watched: Watched,
    #[cfg(feature = "operations")]
    pub(super) status: StoreStatus,
}

impl Core {
    /// Reads rows, on a connection that may have gone: then on another one.
    pub(super) async fn read_rows(
        &self,
        wanted: &[WantedRow],
    ) -> Result<Vec<transaction::Locked>, Failure> {
        let mut is_first = true;
        loop {
            let client = self.server.connection(None).await?;
            match transaction::read_rows(&client, wanted, self.limits.statements).await {
                Ok(rows) => return Ok(rows),
                Err(failure) => {
                    self.server.failed(client, &failure);
                    if !is_first || !matches!(failure, Failure::Lost(_)) {
                        return Err(failure);
                    }
                    is_first = false;
                }
            }
        }
    }

    /// The response that was kept under this id.
    pub(super) async fn response(&self, id: Hash) -> Result<Option<ResponseRecord>, Failure> {
        let client = self.server.connection(None).await?;
        const FIND: &str = "SELECT client, request, response, extract(epoch FROM until - now())::double precision \
             FROM kr.response WHERE id = $1 AND until > now()";
        let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&&id[..], Type::BYTEA)];
        let found = client.query_typed(FIND, &parameters);
        let found = answered(PATIENCE, found.map_err(|error| Failure::from(&error))).await;
        match found {
            Ok(rows) => Ok(rows.first().and_then(|row| {
                let parts: [&[u8]; 3] = [
                    row.try_get(0).ok()?,
                    row.try_get(1).ok()?,
                    row.try_get(2).ok()?,
                ];
                let seconds: f64 = row.try_get(3).ok()?;
                let bytes = [&id[..], parts[0], parts[1], parts[2]].concat();
                let rest = Duration::try_from_secs_f64(seconds).unwrap_or_default();
                ResponseRecord::from_bytes(&bytes, rest)
            })),
            Err(failure) => {
                self.server.failed(client, &failure);
                Err(failure)
            }
        }
    }
}

/// What is asked of the server for a group.
pub(super) fn wanted(group: &dyn SharedGroup) -> (KnownRow, WantedRow) {
    let known = group.known();
    let row = WantedRow {
        address: group.row_address(),
        lock: group.lock_name(),
        known: known.stamp,
        counted: known.counted,
    };
    (known, row)
}
