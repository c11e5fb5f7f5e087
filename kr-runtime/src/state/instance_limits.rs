//! How many instances of a keyed state stay, and for how long.

use super::shared_map::SharedMap;
use super::shared_state::SharedState;
use crate::lock::LockKey;
use crate::store::InstanceLimits;
use std::time::Duration;

impl<K: LockKey, S: SharedState> SharedMap<K, S> {
    /// Removes instances that nobody has used for so long, as [`remove`](Self::remove) does: that is a commit with a
    /// revision, and the next use of the key sees an initial value.
    ///
    /// ```
    /// # use kr_runtime::SharedMap;
    /// # use kr_runtime::prelude::*;
    /// # use std::time::Duration;
    /// # #[derive(Clone, Default, SharedState)]
    /// # #[shared_state(lock = "session:{id}")]
    /// # struct Session { user: Option<u64> }
    /// #[derive(Host)]
    /// struct Site {
    ///     sessions: SharedMap<String, Session>,
    /// }
    ///
    /// let site = Site {
    ///     sessions: SharedMap::new()
    ///         .idle_for(Duration::from_secs(30 * 60))
    ///         .at_most(100_000),
    /// };
    /// ```
    ///
    /// A use is a read, a change, or a wait for one; listing instances in pages is one for those on the page. An instance
    /// that somebody uses stays: while its lock is held or waited for, while a handler has it as an argument, and while
    /// clients follow it or a [`Subscription`](crate::Subscription) to it is there. A value that was read before is not changed by a removal.
    ///
    /// Instances go within a sixteenth of the time after it has passed. A thread of its own removes them, one by one; nobody
    /// waits for it, and a use costs no more than reading a number.
    ///
    /// All states that share the lock are removed together. If several of them have a limit, the smaller one holds.
    #[must_use]
    pub fn idle_for(self, time: Duration) -> Self {
        self.limited(InstanceLimits {
            idle_for: Some(time),
            at_most: None,
        })
    }

    /// Removes the least recently used instances beyond that number, as [`idle_for`](Self::idle_for) does with idle ones. An
    /// instance that somebody uses stays, even if there are too many.
    ///
    /// The removal comes soon after the commit that made one too many, not with it. The order of uses is not exact: two
    /// instances that were used without a new instance being made in between count as used at the same time.
    #[must_use]
    pub fn at_most(self, instances: usize) -> Self {
        self.limited(InstanceLimits {
            idle_for: None,
            at_most: Some(instances),
        })
    }
}
