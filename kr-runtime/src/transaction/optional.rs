//! Drafts of instances that may not be there: `&mut Option<S>`.
//!
//! An instance is all states of its lock template and key, and it is there as a whole or not at all. So a call that may
//! make or remove it changes no other state of it, which the compiler checks.

use super::access_plan::{AccessMode, AccessPlan};
use crate::store::{GroupRef, Value};
use smallvec::SmallVec;

/// What the commit does to an instance that may not be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is made, or has another value.
    IsThere,
    IsRemoved,
    /// There was none, and there is none: that is no commit.
    StaysAbsent,
}

/// Takes the values out of the drafts, and says for each group of such a draft what the commit does to it. Only while the
/// locks are held.
pub(super) fn close<G: GroupRef, L>(
    plan: &AccessPlan<G, L>,
    drafts: &mut [Option<Value>],
) -> SmallVec<[(usize, Fate); 1]> {
    let mut fates = SmallVec::new();
    for (access, draft) in plan.accesses.iter().zip(drafts) {
        let AccessMode::OptionalDraft(optional) = access.mode else {
            continue;
        };
        *draft = draft.as_mut().and_then(optional.close);
        let was_there = || {
            let group = plan.groups[access.group].group();
            group.chain().newest().is_committed()
        };
        let fate = match draft {
            Some(_) => Fate::IsThere,
            None if was_there() => Fate::IsRemoved,
            None => Fate::StaysAbsent,
        };
        fates.push((access.group, fate));
    }
    fates
}
