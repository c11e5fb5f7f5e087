//! Records calls and responses in the order in which they happen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::{Action, History};
use todc_utils::specifications::Specification;

/// Calls and responses, each with the id of its request.
type Actions<O> = Vec<(usize, Action<O>)>;

/// Records the history of one shared object. Clones record into the same history.
pub(crate) struct Recorder<O>(Arc<Mutex<Actions<O>>>);

/// The id of a request: the index of its call in the history.
#[must_use]
pub(crate) struct CallId(usize);

/// The id of a removed request.
const REMOVED: usize = usize::MAX;

impl<O: Clone> Recorder<O> {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    fn actions(&self) -> MutexGuard<'_, Actions<O>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be called before the request is sent. The checker uses the response only, so `request` may leave out what is not
    /// known yet.
    pub(crate) fn call(&self, request: O) -> CallId {
        let mut actions = self.actions();
        let at = actions.len();
        actions.push((at, Action::Call(request)));
        CallId(at)
    }

    /// To be called after the response has arrived.
    pub(crate) fn response(&self, call: &CallId, response: O) {
        self.actions().push((call.0, Action::Response(response)));
    }

    /// Removes a request that had no effect and no response.
    pub(crate) fn remove(&self, call: &CallId) {
        self.actions()[call.0].0 = REMOVED;
    }

    /// The history, reduced to the operations that are `kept`.
    pub(crate) fn history(&self, kept: impl Fn(&O) -> bool) -> Actions<O> {
        let actions = self.actions();
        let kept = actions.iter().filter(|(by, action)| {
            let (Action::Call(operation) | Action::Response(operation)) = action;
            *by != REMOVED && kept(operation)
        });
        kept.cloned().collect()
    }
}

impl<O> Clone for Recorder<O> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// The number of histories to record.
pub(crate) fn histories() -> usize {
    let histories = std::env::var("KR_HISTORIES").ok();
    histories
        .and_then(|histories| histories.parse().ok())
        .unwrap_or(5)
}

/// # Panics
/// If no order of the requests explains the responses.
#[track_caller]
pub(crate) fn assert_linearizable<S: Specification>(actions: Actions<S::Operation>) {
    let requests = actions.len() / 2;
    assert!(requests > 0, "nothing was recorded");
    let text = format!("{actions:?}");
    let linearizable = WGLChecker::<S>::is_linearizable(History::from_actions(actions));
    assert!(
        linearizable,
        "no order explains these {requests} requests: {text}"
    );
}
