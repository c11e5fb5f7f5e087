//! Where a state lives: together with the other states of its lock.

use crate::group::Group;
use crate::locks::{Key, Lock, LockError};
use crate::shared::Cell;
use smallvec::smallvec;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Where a state lives once its host is in use: with the other states of its lock, at one place among them.
#[derive(Clone)]
pub(crate) struct Home {
    pub(crate) group: Arc<Group>,
    pub(crate) slot: usize,
}

/// Gives the states of a host their place: those of one lock together, with those of other hosts that came first.
pub(crate) fn settle(cells: &[&Cell]) -> Result<(), LockError> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);

    let mut by_lock: BTreeMap<Key, Vec<&Cell>> = BTreeMap::new();
    for cell in cells {
        let key = Key::new(cell.lock).ok_or(LockError::EmptyKey)?;
        by_lock.entry(key).or_default().push(cell);
    }
    for (key, cells) in by_lock {
        settle_together(key, &cells)?;
    }
    Ok(())
}

fn settle_together(key: Key, cells: &[&Cell]) -> Result<(), LockError> {
    let mut groups = cells.iter().filter_map(|cell| cell.home.get());
    let group = match groups.next() {
        Some(first) if groups.all(|other| Arc::ptr_eq(&first.group, &other.group)) => {
            Arc::clone(&first.group)
        }
        Some(_) => {
            let names: Vec<_> = cells.iter().map(|cell| cell.name).collect();
            return Err(LockError::Apart {
                lock: key.as_str().to_owned(),
                states: names.join(", "),
            });
        }
        None => Arc::new(Group::new(
            Arc::new(Lock::new(key, Weak::new())),
            smallvec![],
        )),
    };
    for cell in cells {
        cell.home.get_or_init(|| Home {
            slot: group.join(&cell.seed),
            group: Arc::clone(&group),
        });
    }
    Ok(())
}
