//! What commits and what rolls back: `Err` rolls back, [`Update::Unchanged`] has nothing to commit, everything else commits.
//!
//! A panic, a passed hold deadline and a cancelled request roll back as well: they never get here, and dropping the
//! [`Transaction`](super::Transaction) does it.

use super::update::Update;
use std::marker::PhantomData;

/// What a handler returned, and what becomes of its drafts.
pub struct HandlerOutput<T> {
    pub(crate) output: T,
    pub(crate) decision: Decision,
}

/// What becomes of the drafts of a handler.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They are committed.
    Commit,
    /// They are dropped.
    RollBack,
    /// They are dropped, because they say the same as before.
    Unchanged,
}

/// What a handler returned, and what becomes of its drafts.
pub fn handler_output<T>(output: T, decision: Decision) -> HandlerOutput<T> {
    HandlerOutput { output, decision }
}

/// Looks at what a call returned, to see whether it commits.
///
/// Generated code asks `(&&&CommitDecision(&output)).decision()`. The compiler takes the first of these traits that fits, in
/// their order here, since it removes one reference after another. So an [`Update`] and a `Result` are found under whatever
/// alias they were written. Each trait has one implementation: with two, an output that is misspelt would fit both, which is
/// another error.
pub struct CommitDecision<'a, T>(pub &'a T);

/// For `Result<Update<T>, E>`.
pub trait DecidesInResult {
    /// What becomes of the drafts.
    fn decision(&self) -> Decision;
}

impl<T, E> DecidesInResult for &&CommitDecision<'_, Result<Update<T>, E>> {
    fn decision(&self) -> Decision {
        match self.0 {
            Ok(update) => of_update(update),
            Err(_) => Decision::RollBack,
        }
    }
}

/// For `Update<Result<T, E>>`.
pub trait DecidesInUpdate {
    /// What becomes of the drafts.
    fn decision(&self) -> Decision;
}

impl<T, E> DecidesInUpdate for &&&CommitDecision<'_, Update<Result<T, E>>> {
    fn decision(&self) -> Decision {
        match self.0 {
            Update::Changed(Err(_)) | Update::Unchanged(Err(_)) => Decision::RollBack,
            update => of_update(update),
        }
    }
}

/// For `Result<T, E>`.
pub trait CommitsUnlessErr {
    /// What becomes of the drafts.
    fn decision(&self) -> Decision;
}

impl<T, E> CommitsUnlessErr for &CommitDecision<'_, Result<T, E>> {
    fn decision(&self) -> Decision {
        match self.0 {
            Ok(_) => Decision::Commit,
            Err(_) => Decision::RollBack,
        }
    }
}

/// For `Update<T>`.
impl<T> CommitDecision<'_, Update<T>> {
    /// What becomes of the drafts.
    #[must_use]
    pub fn decision(&self) -> Decision {
        of_update(self.0)
    }
}

/// For every other type.
pub trait AlwaysCommits {
    /// What becomes of the drafts.
    fn decision(&self) -> Decision {
        Decision::Commit
    }
}

impl<T> AlwaysCommits for CommitDecision<'_, T> {}

fn of_update<T>(update: &Update<T>) -> Decision {
    match update.is_changed() {
        true => Decision::Commit,
        false => Decision::Unchanged,
    }
}

/// As [`CommitDecision`], of a type without a value: whether a value of it may roll back.
pub struct RollBackProbe<T>(PhantomData<T>);

impl<T> RollBackProbe<Update<T>> {
    /// `Unchanged` does.
    pub const MAY_ROLL_BACK: bool = true;
}

impl<T, E> RollBackProbe<Result<T, E>> {
    /// `Err` does.
    pub const MAY_ROLL_BACK: bool = true;
}

/// For every other type.
pub trait NeverRollsBack {
    /// It does not.
    const MAY_ROLL_BACK: bool = false;
}

impl<T> NeverRollsBack for RollBackProbe<T> {}
