//! What commits and what rolls back: `Err` rolls back, everything else commits.
//!
//! A panic, a passed hold deadline and a cancelled request roll back as well: they never get here, and dropping the
//! [`Transaction`](super::Transaction) does it.

/// What a handler returned, and whether its drafts are to be committed.
pub struct HandlerOutput<T> {
    pub(crate) output: T,
    pub(crate) commits: bool,
}

/// What a handler returned, and whether its drafts are to be committed.
pub fn handler_output<T>(output: T, commits: bool) -> HandlerOutput<T> {
    HandlerOutput { output, commits }
}

/// Looks at what a call returned, to see whether it commits.
///
/// A method of the type itself wins over a trait's. So a `Result` is asked for its variant, under whatever alias it was
/// written, and every other type falls through to [`AlwaysCommits`].
pub struct CommitDecision<'a, T>(pub &'a T);

impl<T, E> CommitDecision<'_, Result<T, E>> {
    /// Whether the drafts are to be committed.
    #[must_use]
    pub fn commits(&self) -> bool {
        self.0.is_ok()
    }
}

/// What is not a `Result` commits.
pub trait AlwaysCommits {
    /// Whether the drafts are to be committed.
    fn commits(&self) -> bool {
        true
    }
}

impl<T> AlwaysCommits for CommitDecision<'_, T> {}
