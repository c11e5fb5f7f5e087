//! Whether a store can be used, for those who operate it.

use super::backend::StoreCore;
use super::engine::{RowAddress, RowError};
use std::sync::Arc;
use tokio::sync::oneshot;

impl StoreCore {
    /// Whether the store can be used: it takes commits, and a row that nobody has can be asked for.
    ///
    /// # Errors
    /// Why not.
    pub(crate) async fn check(self: &Arc<Self>) -> Result<(), String> {
        if let Some(reason) = self.journal.status().closed() {
            return Err(format!("it takes no more commits: {reason}"));
        }
        let Some(reading) = &self.reading else {
            return Ok(());
        };
        let reader = Arc::clone(&reading.reader);
        let (answer, asked) = oneshot::channel();
        reading.threads.spawn(move || {
            let nobody = RowAddress {
                space: Arc::from(""),
                key: b"\0kr-ready".to_vec(),
            };
            let answered = match reader.row(&nobody) {
                Err(RowError::Unavailable(reason)) => Err(reason),
                // Whatever is in the row, the store has been read.
                Ok(_) | Err(RowError::Damaged(_)) => Ok(()),
            };
            // Nobody waits any more if that fails.
            let _ = answer.send(answered);
        });
        asked
            .await
            .unwrap_or_else(|_| Err("a panic while it was read".to_owned()))
    }
}
