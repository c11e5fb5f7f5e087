//! Reading rows for lists, for the start, and for copies.

use super::moment::Moment;
use super::row::{document, from_column};
use super::store::PostgresStore;
use crate::store::engine::{KeyedRow, Reader, ResponseRecord, RowError, Snapshot, SpaceInfo};
use crate::store::stored::RowAddress;
use crate::store::version::Stamp;
use deadpool_postgres::Client;
use futures_util::future::{BoxFuture, FutureExt};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row};

/// Reads rows. Each question is answered as of its own moment, unless there is one for all of them.
#[derive(Clone)]
pub(super) struct Rows {
    store: Arc<PostgresStore>,
    moment: Option<Arc<Moment>>,
}

impl Rows {
    pub(super) fn of(store: &Arc<PostgresStore>) -> Self {
        Self {
            store: Arc::clone(store),
            moment: None,
        }
    }

    /// Asks the server, and blocks this thread until it has answered.
    fn ask<T: Send + 'static>(
        &self,
        question: impl for<'c> FnOnce(&'c Client) -> BoxFuture<'c, Result<T, Error>> + Send + 'static,
    ) -> Result<T, String> {
        match &self.moment {
            Some(moment) => moment.ask(question),
            None => self.store.with_connection(question),
        }
    }
}

impl Reader for Rows {
    fn row(&self, address: &RowAddress) -> Result<Option<Vec<u8>>, RowError> {
        let (space, key) = (Arc::clone(&address.space), address.key.clone());
        let row = self.ask(move |client| {
            async move {
                const ROW: &str = "SELECT revision, epoch, states::text FROM kr.state \
                     WHERE space = $1 AND key = $2 AND states IS NOT NULL";
                let parameters: [(&(dyn ToSql + Sync), Type); 2] =
                    [(&&*space, Type::TEXT), (&key, Type::BYTEA)];
                let rows = client.query_typed(ROW, &parameters).await?;
                rows.first().map(|row| read_document(row, 0)).transpose()
            }
            .boxed()
        });
        row.map_err(RowError::Unavailable)
    }

    fn snapshot(&self) -> Result<Arc<dyn Snapshot>, String> {
        Ok(Arc::new(self.clone()))
    }

    fn moment(&self) -> Result<Arc<dyn Snapshot>, String> {
        Ok(Arc::new(Self {
            store: Arc::clone(&self.store),
            moment: Some(Arc::new(Moment::begin(&self.store)?)),
        }))
    }
}

impl Snapshot for Rows {
    fn page(
        &self,
        space: &str,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<KeyedRow>, String> {
        let (space, after) = (space.to_owned(), after.map(<[u8]>::to_vec));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.ask(move |client| {
            async move {
                const PAGE: &str = "SELECT key, revision, epoch, states::text FROM kr.state \
                     WHERE space = $1 AND ($2::bytea IS NULL OR key > $2) AND states IS NOT NULL \
                     ORDER BY key LIMIT $3";
                let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
                    (&space, Type::TEXT),
                    (&after, Type::BYTEA),
                    (&limit, Type::INT8),
                ];
                let rows = client.query_typed(PAGE, &parameters).await?;
                rows.iter()
                    .map(|row| Ok((row.try_get(0)?, read_document(row, 1)?)))
                    .collect()
            }
            .boxed()
        })
    }

    fn space(&self, space: &str) -> Result<SpaceInfo, String> {
        let space = space.to_owned();
        self.ask(move |client| {
            async move {
                const SPACE: &str = "SELECT (SELECT count(*) FROM kr.state WHERE space = $1 AND states IS NOT NULL), \
                     coalesce((SELECT last_removed FROM kr.space WHERE space = $1), 0)";
                let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&space, Type::TEXT)];
                let row = client.query_typed_one(SPACE, &parameters).await?;
                let (rows, last_removed): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
                Ok(SpaceInfo {
                    rows: u64::try_from(rows).unwrap_or_default(),
                    last_removed: u64::try_from(last_removed).unwrap_or_default(),
                })
            }
            .boxed()
        })
    }

    fn spaces(&self) -> Result<Vec<String>, String> {
        self.ask(move |client| {
            async move {
                const SPACES: &str =
                    "SELECT DISTINCT space FROM kr.state WHERE states IS NOT NULL ORDER BY space";
                let none: [(&(dyn ToSql + Sync), Type); 0] = [];
                let rows = client.query_typed(SPACES, &none).await?;
                rows.iter().map(|row| row.try_get(0)).collect()
            }
            .boxed()
        })
    }

    fn responses(&self) -> Result<Vec<ResponseRecord>, String> {
        self.ask(move |client| {
            async move {
                const RESPONSES: &str = "SELECT id, client, request, response, \
                     extract(epoch FROM until - now())::double precision \
                     FROM kr.response WHERE until > now() ORDER BY until";
                let none: [(&(dyn ToSql + Sync), Type); 0] = [];
                let rows = client.query_typed(RESPONSES, &none).await?;
                let mut responses = Vec::with_capacity(rows.len());
                for row in &rows {
                    let parts: [&[u8]; 4] = [
                        row.try_get(0)?,
                        row.try_get(1)?,
                        row.try_get(2)?,
                        row.try_get(3)?,
                    ];
                    let seconds = Duration::try_from_secs_f64(row.try_get(4)?);
                    let rest = seconds.unwrap_or_default();
                    responses.extend(ResponseRecord::from_bytes(&parts.concat(), rest));
                }
                Ok(responses)
            }
            .boxed()
        })
    }
}

/// The document of a row whose revision, epoch and states are in the columns from `first` on.
fn read_document(row: &Row, first: usize) -> Result<Vec<u8>, Error> {
    let (revision, epoch): (i64, i64) = (row.try_get(first)?, row.try_get(first + 1)?);
    let stamp = Stamp {
        revision: u64::try_from(revision).unwrap_or_default(),
        epoch: from_column(epoch),
    };
    Ok(document(stamp, row.try_get(first + 2)?))
}
