//! Sending a statement: without a name, or prepared once for each connection.

use deadpool_postgres::Client;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row};

/// The parameters of a statement, and their types.
pub(super) type Parameters<'p> = [(&'p (dyn ToSql + Sync), Type)];

/// Whether statements keep a name in the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statements {
    /// They are parsed and planned each time. A pooler may give each transaction another session.
    Unnamed,
    /// They are parsed once for each connection.
    Named,
}

/// A statement that can be sent.
pub(super) enum Statement {
    Unnamed(&'static str),
    Named(tokio_postgres::Statement),
}

impl Statements {
    /// Gets a statement ready. A new name takes a flight of its own, so this comes before the flight that the statement is
    /// a part of: what is sent after it would overtake it.
    pub(super) async fn get(
        self,
        client: &Client,
        sql: &'static str,
        types: &[Type],
    ) -> Result<Statement, Error> {
        match self {
            Self::Unnamed => Ok(Statement::Unnamed(sql)),
            Self::Named => {
                let statement = client.prepare_typed_cached(sql, types).await?;
                Ok(Statement::Named(statement))
            }
        }
    }
}

impl Statement {
    pub(super) async fn query(
        &self,
        client: &Client,
        parameters: &Parameters<'_>,
    ) -> Result<Vec<Row>, Error> {
        match self {
            Self::Unnamed(sql) => client.query_typed(sql, parameters).await,
            Self::Named(statement) => {
                let values: Vec<_> = parameters.iter().map(|(value, _)| *value).collect();
                client.query(statement, &values).await
            }
        }
    }
}
