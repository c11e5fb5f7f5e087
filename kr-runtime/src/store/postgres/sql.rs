//! The statements of a batch, and the types of their parameters.
//!
//! Statements have no names unless that was asked for, so PgBouncer may give each transaction another session.

use tokio_postgres::types::Type;

/// What a locked row is; what is known of its states already is not sent.
macro_rules! columns {
    ($number:literal, $revision:literal, $epoch:literal, $counted:literal) => {
        concat!(
            "SELECT ",
            $number,
            ", s.revision, s.epoch, s.counted, CASE WHEN s.revision = ",
            $revision,
            " AND s.epoch = ",
            $epoch,
            " AND s.counted = ",
            $counted,
            " THEN NULL ELSE s.states::text END, s.states IS NULL "
        )
    };
}

/// Rows by their keys. They are looked up one after the other, in the order in which they were asked for, which is that of
/// their keys: whoever waits for several rows waits in the same order as all others. A plain join would let the server
/// read the whole table instead.
macro_rules! rows {
    ($locking:literal) => {
        concat!(
            columns!("w.n", "w.revision", "w.epoch", "w.counted"),
            "FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[]) \
                WITH ORDINALITY AS w(space, key, revision, epoch, counted, n), \
            LATERAL (SELECT r.revision, r.epoch, r.counted, r.states FROM kr.state r \
                WHERE r.space = w.space AND r.key = w.key ",
            $locking,
            ") s"
        )
    };
}

pub(super) const LOCK_ONE: &str = concat!(
    columns!("1::bigint", "$3", "$4", "$5"),
    "FROM kr.state s WHERE s.space = $1 AND s.key = $2 FOR UPDATE"
);
pub(super) const LOCK_SEVERAL: &str = rows!("FOR UPDATE");
pub(super) const LOCK_FREE: &str = rows!("FOR UPDATE SKIP LOCKED");
/// What `OFFSET` skips is nothing. It keeps the server from making a join of it.
pub(super) const READ: &str = rows!("OFFSET 0");

pub(super) const ONE_ROW: [Type; 5] = [Type::TEXT, Type::BYTEA, Type::INT8, Type::INT8, Type::INT8];
pub(super) const SEVERAL_ROWS: [Type; 5] = [
    Type::TEXT_ARRAY,
    Type::BYTEA_ARRAY,
    Type::INT8_ARRAY,
    Type::INT8_ARRAY,
    Type::INT8_ARRAY,
];

/// A row that does not exist cannot be locked, so it is made. In the order of their keys, too.
pub(super) const MAKE: &str = "INSERT INTO kr.state (space, key, lock, revision, epoch) \
    SELECT w.space, w.key, w.lock, coalesce(p.last_removed, 0), 0 \
    FROM unnest($1::text[], $2::bytea[], $3::text[]) AS w(space, key, lock) \
    LEFT JOIN kr.space p ON p.space = w.space ORDER BY w.space, w.key ON CONFLICT DO NOTHING \
    RETURNING space, key";

pub(super) const NEW_ROWS: [Type; 3] = [Type::TEXT_ARRAY, Type::BYTEA_ARRAY, Type::TEXT_ARRAY];

/// Rows that were made, and in which nothing was written.
pub(super) const TAKE_BACK: &str = "DELETE FROM kr.state s USING unnest($1::text[], $2::bytea[]) AS w(space, key) \
    WHERE s.space = w.space AND s.key = w.key AND s.states IS NULL";

/// The rows that change, if they are what they were when they were locked.
macro_rules! change {
    (one) => {
        "WITH changed AS (UPDATE kr.state \
            SET revision = $5, epoch = $6, counted = counted + $7, states = $8::json, changed_at = now() \
            WHERE space = $1 AND key = $2 AND revision = $3 AND epoch = $4 RETURNING 1)"
    };
    (several) => {
        "WITH changed AS (UPDATE kr.state s \
            SET revision = w.revision, epoch = w.epoch, counted = s.counted + w.counted, states = w.states::json, \
                changed_at = now() \
            FROM unnest($1::text[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], \
                $8::text[]) AS w(space, key, old, old_epoch, revision, epoch, counted, states) \
            WHERE s.space = w.space AND s.key = w.key AND s.revision = w.old AND s.epoch = w.old_epoch RETURNING 1)"
    };
}

/// Responses to keep. Another process may have answered a request with the same key meanwhile.
macro_rules! keep {
    () => {
        ", kept AS (INSERT INTO kr.response (id, client, request, response, until) \
            SELECT r.id, r.client, r.request, r.response, now() + r.seconds * interval '1 second' \
            FROM unnest($11::bytea[], $12::bytea[], $13::bytea[], $14::bytea[], $15::double precision[]) \
                AS r(id, client, request, response, seconds) \
            ON CONFLICT (id) DO UPDATE SET client = excluded.client, request = excluded.request, \
                response = excluded.response, until = excluded.until WHERE kr.response.until <= now() RETURNING 1)"
    };
}

/// The number of the batch. It is divided by one, or by nought if less was changed or kept than should be, which fails.
macro_rules! number {
    ($($checks:literal),+) => {
        concat!(
            " INSERT INTO kr.writer (id, batch) VALUES ($9, $10", $(" / ", $checks),+,
            ") ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, changed_at = now()"
        )
    };
}

/// One statement, so that it is done as a whole or not at all even if the transaction around it is gone.
pub(super) const WRITE_ONE: &str = concat!(change!(one), number!("(SELECT count(*) FROM changed)"));
pub(super) const WRITE_SEVERAL: &str = concat!(
    change!(several),
    number!("((SELECT count(*) FROM changed) = cardinality($1))::int")
);
pub(super) const WRITE_ONE_AND_RESPONSES: &str = concat!(
    change!(one),
    keep!(),
    number!(
        "(SELECT count(*) FROM changed)",
        "((SELECT count(*) FROM kept) = cardinality($11))::int"
    )
);
pub(super) const WRITE_SEVERAL_AND_RESPONSES: &str = concat!(
    change!(several),
    keep!(),
    number!(
        "((SELECT count(*) FROM changed) = cardinality($1))::int",
        "((SELECT count(*) FROM kept) = cardinality($11))::int"
    )
);
