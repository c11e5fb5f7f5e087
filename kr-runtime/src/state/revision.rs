//! The number of a commit, as an argument of a handler.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of the commit that left the states which a handler borrows: `revision: Revision` is an argument.
///
/// Commits under one lock are numbered, and later ones have greater numbers. 0 is the initial value, or the instance of a
/// keyed state that is not there. A handler that changes a state gets the revision that it starts from; its own commit will
/// have a greater one. The states that the handler borrows must have one lock, since each lock has revisions of its own
/// ([KR0222](crate::error_codes#kr0222)).
///
/// ```
/// use kr_runtime::Revision;
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone, SharedState)]
/// #[shared_state(lock = "note")]
/// struct Note(String);
///
/// #[derive(Serialize)]
/// struct View<'s> {
///     text: &'s str,
///     revision: Revision,
/// }
///
/// #[kr_route(get, "/note")]
/// #[locked("note")]
/// fn note(note: &Note, revision: Revision) -> Json<View<'_>> {
///     Json(View { text: &note.0, revision })
/// }
///
/// // In a unit test it is a number.
/// assert_eq!(note(&Note("hello".into()), 7.into()).0.revision.get(), 7);
/// ```
///
/// `#[kr_route(…, etag)]` has the revision in the `ETag` of responses and compares it with `If-Match`; see
/// [`kr_route`](macro@crate::kr_route#etag).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(u64);

impl Revision {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl From<u64> for Revision {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
