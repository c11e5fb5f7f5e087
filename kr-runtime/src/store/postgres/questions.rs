//! Questions for what has changed. All that come while one `SELECT` is under way share the next.

use super::errors::Failure;
use crate::store::shared::{RowLockError, SharedGroup};
use crate::store::version::Stamp;
use futures_util::future::{BoxFuture, FutureExt};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Takes questions.
pub(super) struct Questions(mpsc::UnboundedSender<Question>);

/// What groups are now, as somebody wants to know.
pub(super) struct Question {
    pub(super) groups: Vec<Arc<dyn SharedGroup>>,
    pub(super) reply: oneshot::Sender<Result<Vec<Stamp>, Failure>>,
}

impl Questions {
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<Question>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Asks for what these groups are now.
    pub(super) fn ask(
        &self,
        groups: Vec<Arc<dyn SharedGroup>>,
    ) -> BoxFuture<'static, Result<Vec<Stamp>, RowLockError>> {
        let (reply, answer) = oneshot::channel();
        let sent = self.0.send(Question { groups, reply });
        async move {
            let stopped = || Failure::Refused("the store has stopped".to_owned());
            let answer = match sent {
                Ok(()) => answer.await.unwrap_or_else(|_| Err(stopped())),
                Err(_) => Err(stopped()),
            };
            answer.map_err(|failure| RowLockError::Unavailable(failure.reason()))
        }
        .boxed()
    }
}
