//! What a change says of itself: whether it has changed anything.

/// What a change returns that finds out whether it changes anything.
///
/// `Unchanged` makes no commit: there is no revision, subscribers and followers of a live response hear of nothing, tags
/// stay, and so do cached responses. The draft is dropped, so whatever was done to it is not kept.
///
/// A handler with `&mut S` returns it, alone, in a `Result`, or with a `Result` in it; an `Err` rolls back:
///
/// ```
/// use kr_runtime::Update;
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone, SharedState)]
/// #[shared_state(lock = "members")]
/// struct Members(Vec<String>);
///
/// #[kr_route(post, "/members/{name}")]
/// #[locked("members")]
/// fn join(name: String, members: &mut Members) -> Update<StatusCode> {
///     if members.0.contains(&name) {
///         return Update::Unchanged(StatusCode::OK);
///     }
///     members.0.push(name);
///     Update::Changed(StatusCode::CREATED)
/// }
///
/// let mut members = Members(vec!["ann".into()]);
/// assert_eq!(join("ann".into(), &mut members), Update::Unchanged(StatusCode::OK));
/// assert_eq!(join("bo".into(), &mut members), Update::Changed(StatusCode::CREATED));
/// ```
///
/// Outside handlers, [`Host::update_if_changed`](crate::Host::update_if_changed) and
/// [`SharedMap::update_if_changed`](crate::SharedMap::update_if_changed) take it, alone or in a `Result`; they do not look into
/// it, so write `Result<Update<T>, E>` there. A handler that changes a state
/// [`in_place`](macro@crate::locked) has no draft to drop, so it cannot return one.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update<T> {
    /// The change is committed.
    Changed(T),
    /// Nothing is committed.
    Unchanged(T),
}

impl<T> Update<T> {
    /// Whether it is committed.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        matches!(self, Self::Changed(_))
    }

    /// What was returned with it.
    pub fn into_inner(self) -> T {
        match self {
            Self::Changed(inner) | Self::Unchanged(inner) => inner,
        }
    }
}
