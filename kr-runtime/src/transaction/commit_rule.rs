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
    /// Whether there is a variant that rolls back.
    pub const MAY_ROLL_BACK: bool = true;

    /// Whether the drafts are to be committed.
    #[must_use]
    pub fn commits(&self) -> bool {
        self.0.is_ok()
    }
}

/// What a change returns that always commits: anything but a `Result`.
///
/// [`Host::update`](crate::Host::update) and the like commit whatever their closure returns, so an `Err` would be committed.
/// Every type implements this trait in one way, and `Result` in two. The compiler cannot decide between the two, so a
/// closure that returns a `Result` does not compile there. [`try_update`](crate::Host::try_update) and
/// [`try_update_many`](crate::Host::try_update_many) take it, and roll back on `Err`.
///
/// ```compile_fail,E0283
/// # use kr_runtime::prelude::*;
/// # #[derive(Clone, SharedState)]
/// # #[shared_state(lock = "stock")]
/// # struct Stock(u32);
/// # #[derive(Host)]
/// # struct Shop { stock: Shared<Stock> }
/// # async fn sell(shop: &Shop) {
/// shop.update(|stock: &mut Stock| match stock.0.checked_sub(1) {
///     Some(left) => Ok(stock.0 = left),
///     None => Err("sold out"),
/// })
/// .await;
/// # }
/// ```
pub trait NotResult<Impl> {}

/// The implementation of every type.
pub struct Always;

/// The second one of `Result`: use `try_update` or `try_update_many`, which roll back on `Err`.
pub struct UseTryUpdate;

#[diagnostic::do_not_recommend]
impl<T> NotResult<Always> for T {}

impl<T, E> NotResult<UseTryUpdate> for Result<T, E> {}

/// What is not a `Result` commits.
pub trait AlwaysCommits {
    /// Whether there is a variant that rolls back.
    const MAY_ROLL_BACK: bool = false;

    /// Whether the drafts are to be committed.
    fn commits(&self) -> bool {
        true
    }
}

impl<T> AlwaysCommits for CommitDecision<'_, T> {}
