//! Recording what happens, in the order in which it happens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::{Action, History};
use todc_utils::specifications::Specification;

/// What was done, and by which request.
type Actions<O> = Vec<(usize, Action<O>)>;

/// What happens to one shared object. Clones record the same history.
pub(crate) struct Recorder<O>(Arc<Mutex<Actions<O>>>);

/// A request that has been sent: its place in the history, by which its answer finds it.
#[must_use]
pub(crate) struct Sent(usize);

/// Whose requests never were.
const NOBODY: usize = usize::MAX;

impl<O: Clone> Recorder<O> {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    fn actions(&self) -> MutexGuard<'_, Actions<O>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be called before the request is sent. The checker looks at the answer only, so `asked` may leave out what is
    /// not known yet.
    pub(crate) fn sends(&self, asked: O) -> Sent {
        let mut actions = self.actions();
        let at = actions.len();
        actions.push((at, Action::Call(asked)));
        Sent(at)
    }

    /// To be called after the answer has come.
    pub(crate) fn hears(&self, sent: &Sent, answered: O) {
        self.actions().push((sent.0, Action::Response(answered)));
    }

    /// The request had no effect, and no answer.
    pub(crate) fn never_was(&self, sent: &Sent) {
        self.actions()[sent.0].0 = NOBODY;
    }

    /// What happened, as far as it is `kept`.
    pub(crate) fn history(&self, kept: impl Fn(&O) -> bool) -> Actions<O> {
        let actions = self.actions();
        let kept = actions.iter().filter(|(by, action)| {
            let (Action::Call(operation) | Action::Response(operation)) = action;
            *by != NOBODY && kept(operation)
        });
        kept.cloned().collect()
    }
}

impl<O> Clone for Recorder<O> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// How many histories to record.
pub(crate) fn rounds() -> usize {
    let rounds = std::env::var("KR_HISTORIES").ok();
    rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(5)
}

/// # Panics
/// If no order of the requests explains the answers.
#[track_caller]
pub(crate) fn is_linearizable<S: Specification>(actions: Actions<S::Operation>) {
    let requests = actions.len() / 2;
    assert!(requests > 0, "nothing was recorded");
    let text = format!("{actions:?}");
    let linearizable = WGLChecker::<S>::is_linearizable(History::from_actions(actions));
    assert!(
        linearizable,
        "no order explains these {requests} requests: {text}"
    );
}
