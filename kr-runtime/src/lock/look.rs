//! The locks of a table as they are shown: there may be a million of them, of which few are in use.

use super::handle::LockHandle;
use super::table::{Table, TableParts};

/// Some of the locks of a table.
pub(crate) struct Look<V> {
    /// How many there are.
    pub(crate) count: usize,
    pub(crate) locks: Vec<LockHandle<V>>,
}

impl<V: Default + Send + 'static> Table<V> {
    /// Those that are held or waited for, and how many there are beside them.
    pub(crate) fn busy(&self) -> Look<V> {
        let TableParts { own, source, keyed } = self.parts();
        let (mut count, mut locks) = source.map_or_else(Default::default, |it| it.busy());
        count += own.len();
        let busy = own.into_iter().filter(|lock| lock.is_busy());
        locks.extend(busy.map(LockHandle::Own));
        for table in keyed {
            let look = table.busy();
            count += look.count;
            locks.extend(look.locks);
        }
        Look { count, locks }
    }

    /// Those with `search` in their names. There may be more than are wanted.
    pub(crate) fn named(&self, search: &str, most: usize) -> Look<V> {
        let TableParts { own, source, keyed } = self.parts();
        let found = source.map(|source| source.named(search, most));
        let (mut count, mut locks) = found.unwrap_or_default();
        for lock in own {
            if lock.name().as_str().contains(search) {
                count += 1;
                locks.push(LockHandle::Own(lock));
            }
        }
        for table in keyed {
            let look = table.named(search, most);
            count += look.count;
            locks.extend(look.locks);
        }
        Look { count, locks }
    }
}
