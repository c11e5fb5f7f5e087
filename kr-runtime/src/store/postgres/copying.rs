//! Writing the rows of a copy.

use super::row::{NewRow, to_column};
use crate::store::engine::ResponseRecord;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error};

/// Writes the rows of a copy.
pub(super) async fn insert(client: &Client, rows: &[NewRow]) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO kr.state (space, key, lock, revision, epoch, states) \
         SELECT w.space, w.key, CASE w.space WHEN '' THEN convert_from(w.key, 'UTF8') END, w.revision, w.epoch, w.states::json \
         FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[], $5::text[]) AS w(space, key, revision, epoch, states) \
         ON CONFLICT (space, key) DO UPDATE \
         SET revision = excluded.revision, epoch = excluded.epoch, states = excluded.states, changed_at = now()";
    let spaces: Vec<&str> = rows.iter().map(|row| &*row.address.space).collect();
    let keys: Vec<&[u8]> = rows.iter().map(|row| &*row.address.key).collect();
    let revisions: Vec<i64> = rows.iter().map(|row| to_column(row.new.revision)).collect();
    let epochs: Vec<i64> = rows.iter().map(|row| to_column(row.new.epoch)).collect();
    let states: Vec<Option<&str>> = rows.iter().map(|row| row.states.as_deref()).collect();
    let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
        (&spaces, Type::TEXT_ARRAY),
        (&keys, Type::BYTEA_ARRAY),
        (&revisions, Type::INT8_ARRAY),
        (&epochs, Type::INT8_ARRAY),
        (&states, Type::TEXT_ARRAY),
    ];
    client.query_typed(INSERT, &parameters).await.map(drop)
}

/// Writes a response of a copy.
pub(super) async fn insert_response(
    client: &Client,
    response: &ResponseRecord,
) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO kr.response (id, client, request, response, until) \
         VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second') ON CONFLICT DO NOTHING";
    let parts = response.parts();
    let seconds = response.keep_for().as_secs_f64();
    let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
        (&parts.id, Type::BYTEA),
        (&parts.client, Type::BYTEA),
        (&parts.request, Type::BYTEA),
        (&parts.response, Type::BYTEA),
        (&seconds, Type::FLOAT8),
    ];
    client.query_typed(INSERT, &parameters).await.map(drop)
}
