//! What an error of the server means for the store.

use std::time::Duration;
use tokio::time::timeout;
use tokio_postgres::error::SqlState;

/// Why a statement, or a whole flight of them, did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// A row was not free in time. Nothing was done.
    NotFree,
    /// The server refused. Nothing was done.
    Refused(String),
    /// The connection broke before the answer came.
    Lost(String),
}

impl Failure {
    pub(super) fn reason(self) -> String {
        match self {
            Self::NotFree => "a row is held by another process".to_owned(),
            Self::Refused(reason) | Self::Lost(reason) => reason,
        }
    }

    /// The same, before anything was written that might be there or not.
    pub(super) fn before_write(self) -> Self {
        match self {
            Self::Lost(reason) => Self::Refused(reason),
            other => other,
        }
    }
}

/// Ends a flight that the server does not answer in time: it hangs, or a commit waits for a standby that is gone.
pub(super) async fn answered<T>(
    patience: Duration,
    flight: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let answer = timeout(patience, flight).await;
    answer.unwrap_or_else(|_| {
        let reason = format!("the server has not answered within {patience:?}");
        Err(Failure::Lost(reason))
    })
}

impl From<&tokio_postgres::Error> for Failure {
    fn from(error: &tokio_postgres::Error) -> Self {
        let Some(server) = error.as_db_error() else {
            return Self::Lost(text(error));
        };
        let code = server.code();
        if *code == SqlState::LOCK_NOT_AVAILABLE {
            return Self::NotFree;
        }
        let mut text = format!("{} ({})", server.message(), code.code());
        if MIXED_UP.contains(code) {
            text += "; a pooler mixes up the statements of its clients: leave `prepared_statements` off";
        }
        match is_fatal(code) {
            true => Self::Lost(text),
            false => Self::Refused(text),
        }
    }
}

/// A statement that was prepared is not there, or one that was not is.
const MIXED_UP: [SqlState; 2] = [
    SqlState::INVALID_SQL_STATEMENT_NAME,
    SqlState::DUPLICATE_PSTATEMENT,
];

/// Whether the server has ended the connection with it.
fn is_fatal(code: &SqlState) -> bool {
    // Class 57: somebody or something has ended the session. Class 08: the connection. A server that only reads has been
    // taken out of its place, and another one is in it.
    let code = code.code();
    code.starts_with("57P") || code.starts_with("08") || ["25P03", "25P04", "25006"].contains(&code)
}

/// An error with what it comes from. It has no address and no password.
pub(super) fn text(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
        source = error.source();
    }
    text
}
