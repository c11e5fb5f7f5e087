//! Making a connection, and hearing what the server says on it beside its answers.

use crate::sync::log;
use deadpool_postgres::Connect;
use futures_util::future::BoxFuture;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::JoinHandle;
use tokio_postgres::error::DbError;
use tokio_postgres::{AsyncMessage, Client, Config, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Makes connections.
pub(super) struct Connector {
    pub(super) tls: MakeRustlsConnect,
    pub(super) given_up: GivenUp,
}

/// How many commits the server has reported although no standby has confirmed them, because somebody ended the wait. The
/// report comes before that of the commit.
#[derive(Debug, Clone, Default)]
pub(super) struct GivenUp(Arc<AtomicU64>);

impl GivenUp {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    fn notice(&self, notice: &DbError) {
        // The text is in the language of the server; the name of the function that says it is not.
        if notice.routine() == Some("SyncRepWaitForLSN") {
            log::warn!("{}", notice.message());
            self.0.fetch_add(1, Ordering::Release);
        }
    }
}

impl Connect for Connector {
    fn connect(&self, config: &Config) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), Error>> {
        let config = config.clone();
        Box::pin(async move {
            let (client, mut connection) = config.connect(self.tls.clone()).await?;
            let given_up = self.given_up.clone();
            let connection = tokio::spawn(async move {
                // An error is the error of whoever waits for an answer.
                while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
                    if let AsyncMessage::Notice(notice) = message {
                        given_up.notice(&notice);
                    }
                }
            });
            Ok((client, connection))
        })
    }
}
