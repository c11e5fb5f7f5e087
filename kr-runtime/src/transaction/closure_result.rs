//! What the closure of an update outside handlers may return.

use super::update::Update;
use crate::store::UpdateError;

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

/// What the closure of [`Host::update_if_changed`](crate::Host::update_if_changed) returns: [`Update<T>`], or a `Result`
/// whose `Ok` is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether anything was changed",
    label = "not an `Update`",
    note = "return `Update::Changed(…)` or `Update::Unchanged(…)`, or a `Result` of one"
)]
pub trait UpdateOutcome: Send {
    /// What the caller gets.
    type Output: Send;

    #[doc(hidden)]
    fn commits(&self) -> bool;

    #[doc(hidden)]
    fn done(self) -> Self::Output;

    #[doc(hidden)]
    fn failed(error: UpdateError) -> Self::Output;
}

impl<T: Send> UpdateOutcome for Update<T> {
    type Output = Result<T, UpdateError>;

    fn commits(&self) -> bool {
        self.is_changed()
    }

    fn done(self) -> Self::Output {
        Ok(self.into_inner())
    }

    fn failed(error: UpdateError) -> Self::Output {
        Err(error)
    }
}

impl<T: Send, E: From<UpdateError> + Send> UpdateOutcome for Result<Update<T>, E> {
    type Output = Result<T, E>;

    fn commits(&self) -> bool {
        self.as_ref().is_ok_and(Update::is_changed)
    }

    fn done(self) -> Self::Output {
        self.map(Update::into_inner)
    }

    fn failed(error: UpdateError) -> Self::Output {
        Err(error.into())
    }
}

/// What a change returns that commits unless it fails: anything but an [`Update`].
///
/// `update` and `try_update` would commit an `Update::Unchanged`. As with [`NotResult`], every type implements this trait in
/// one way, and `Update` in two, so a closure that returns an `Update` compiles in
/// [`update_if_changed`](crate::Host::update_if_changed) alone.
///
/// ```compile_fail,E0283
/// # use kr_runtime::prelude::*;
/// # use kr_runtime::{Update, UpdateError};
/// # #[derive(Clone, SharedState)]
/// # #[shared_state(lock = "stock")]
/// # struct Stock(u32);
/// # #[derive(Host)]
/// # struct Shop { stock: Shared<Stock> }
/// # async fn sell(shop: &Shop) {
/// let sold = shop.try_update(|stock: &mut Stock| Ok::<_, UpdateError>(Update::Unchanged(stock.0)));
/// # sold.await;
/// # }
/// ```
pub trait NotUpdate<Impl> {}

/// The implementation of every type.
pub struct Commits;

/// The second one of `Update`.
pub struct UseUpdateIfChanged;

#[diagnostic::do_not_recommend]
impl<T> NotUpdate<Commits> for T {}

impl<T> NotUpdate<UseUpdateIfChanged> for Update<T> {}

impl<T> NotResult<UseUpdateIfChanged> for Update<T> {}

/// The end of an update that commits nothing.
pub(super) enum NotCommitted<R> {
    /// The closure says so.
    Unchanged(R),
    Failed(UpdateError),
}

impl<R> From<UpdateError> for NotCommitted<R> {
    fn from(error: UpdateError) -> Self {
        Self::Failed(error)
    }
}
