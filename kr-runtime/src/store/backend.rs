//! The store that an application chooses.

use super::engine::Engine;
use super::journal::Journal;
use super::responses::Responses;
use std::fmt;
use std::sync::Arc;

/// Where the committed values of an application live.
///
/// So far there is one: [`Store::memory`], which is also what an application has that chooses none.
///
/// ```
/// use kr_runtime::Store;
/// # use kr_runtime::prelude::*;
/// # #[derive(Host)]
/// # struct Empty {}
///
/// let app = App::new("Empty", Empty {}).store(Store::memory());
/// ```
#[derive(Clone, Default)]
pub struct Store {
    /// Where commits wait to be written; none if they are durable at once.
    journal: Option<Arc<Journal>>,
    /// Those that are kept with their commits.
    responses: Arc<Responses>,
}

impl Store {
    /// Values live in the memory of the process, and are gone when it ends. A commit is durable at once and never fails.
    #[must_use]
    pub fn memory() -> Self {
        Self::default()
    }

    /// A store of your own making. What an engine has to do may change in any release.
    ///
    /// # Panics
    /// If the system gives no thread for it.
    #[doc(hidden)]
    #[must_use]
    pub fn with_engine(mut engine: impl Engine) -> Self {
        let responses = Responses::of(engine.kept_responses());
        Self {
            journal: Some(Journal::start(engine)),
            responses,
        }
    }

    /// Where commits wait to be written; `None` if they are durable at once.
    pub(crate) fn journal(&self) -> Option<&Arc<Journal>> {
        self.journal.as_ref()
    }

    /// The responses that are kept with their commits.
    pub(crate) fn responses(&self) -> &Arc<Responses> {
        &self.responses
    }

    /// Waits until every commit so far is durable, or dropped.
    pub(crate) async fn flush(&self) {
        if let Some(journal) = &self.journal {
            journal.flush().await;
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.journal {
            None => "Store(memory)",
            Some(_) => "Store(engine)",
        })
    }
}
