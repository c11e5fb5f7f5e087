//! A store in PostgreSQL, which any number of processes share.
//!
//! Each lock has a row with its states, its revision and its epoch. A call that changes states holds their rows with
//! `SELECT … FOR UPDATE`, so nobody else does; calls of one process that wait for the same rows share a transaction. There
//! are no advisory locks, no settings of a session and, unless asked for, no prepared statements, so it works behind PgBouncer.
//!
//! | file | what it does |
//! |---|---|
//! | [`dispatcher`] | requests for rows, and which become a batch together |
//! | [`batch`] | one batch: lock the rows, let calls in, write, tell them |
//! | [`transaction`] | the two flights of a batch |
//! | [`sql`] | their statements |
//! | [`settle`] | finds out what became of a batch whose connection broke |
//! | [`refresh`] | reads what has changed, for all who ask at once |
//! | [`server`] | connections, and what an error of the server means |

mod batch;
mod batch_guard;
mod columns;
mod connect;
mod copying;
mod core;
mod count;
mod counting;
mod dispatch;
mod dispatcher;
mod errors;
mod ids;
mod limits;
mod moment;
mod options;
mod questions;
mod reading;
mod refresh;
mod row;
mod schema;
mod server;
mod settle;
mod sql;
mod statement;
mod store;
mod sweep;
mod thread;
mod tls;
mod transaction;
mod url;
mod watch;
mod watched;

pub use options::PostgresOptions;
