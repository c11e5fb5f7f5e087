//! What commits and what rolls back: `Err` rolls back, [`Update::Unchanged`] has nothing to commit, everything else commits.
//!
//! A panic, a passed hold deadline and a cancelled request roll back as well: they never get here, and dropping the
//! [`Transaction`](super::Transaction) does it.

use super::update::Update;

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
/// A method of the type itself wins over a trait's, and a trait's over that of a trait of a reference. So an [`Update`] with a
/// `Result` in it, or the other way round, is asked for both, under whatever alias it was written; one of the two alone is
/// asked by [`CommitsUnlessErr`]; and every other type falls through to [`AlwaysCommits`]. Generated code asks
/// `(&CommitDecision(&output)).decision()`.
pub struct CommitDecision<'a, T>(pub &'a T);

impl<T, E> CommitDecision<'_, Result<Update<T>, E>> {
    /// What becomes of the drafts.
    #[must_use]
    pub fn decision(&self) -> Decision {
        match self.0 {
            Ok(update) => CommitsUnlessErr::decision(&CommitDecision(update)),
            Err(_) => Decision::RollBack,
        }
    }
}

impl<T, E> CommitDecision<'_, Update<Result<T, E>>> {
    /// What becomes of the drafts.
    #[must_use]
    pub fn decision(&self) -> Decision {
        match self.0 {
            Update::Changed(result) => CommitsUnlessErr::decision(&CommitDecision(result)),
            Update::Unchanged(Ok(_)) => Decision::Unchanged,
            Update::Unchanged(Err(_)) => Decision::RollBack,
        }
    }
}

impl<T> CommitDecision<'_, Update<T>> {
    /// Whether there is a variant that rolls back.
    pub const MAY_ROLL_BACK: bool = true;
}

impl<T, E> CommitDecision<'_, Result<T, E>> {
    /// Whether there is a variant that rolls back.
    pub const MAY_ROLL_BACK: bool = true;

    /// Whether the drafts are to be committed.
    #[must_use]
    pub fn commits(&self) -> bool {
        self.0.is_ok()
    }
}

/// A `Result` commits unless it is an `Err`, and an [`Update`] unless it is unchanged.
pub trait CommitsUnlessErr {
    /// What becomes of the drafts.
    fn decision(&self) -> Decision;
}

impl<T, E> CommitsUnlessErr for CommitDecision<'_, Result<T, E>> {
    fn decision(&self) -> Decision {
        match self.commits() {
            true => Decision::Commit,
            false => Decision::RollBack,
        }
    }
}

impl<T> CommitsUnlessErr for CommitDecision<'_, Update<T>> {
    fn decision(&self) -> Decision {
        match self.0.is_changed() {
            true => Decision::Commit,
            false => Decision::Unchanged,
        }
    }
}

/// What is neither a `Result` nor an `Update` commits.
pub trait AlwaysCommits {
    /// What becomes of the drafts.
    fn decision(&self) -> Decision {
        Decision::Commit
    }
}

impl<T> AlwaysCommits for &CommitDecision<'_, T> {}

/// As [`AlwaysCommits`], of a type without a value.
pub trait NeverRollsBack {
    /// Whether there is a variant that rolls back.
    const MAY_ROLL_BACK: bool = false;
}

impl<T> NeverRollsBack for CommitDecision<'_, T> {}
