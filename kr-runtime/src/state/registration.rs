//! Where a state lives: together with the other states of its lock.

use crate::lock::{Key, Lock, LockError, Template};
use crate::state::shared::{Cell, Kind};
use crate::store::key_space::Keyed;
use crate::store::lock_group::Group;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// What a field of a host holds.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum Part<'h> {
    /// A state.
    One(&'h Cell),
    /// A state with an instance for each key.
    Keyed(&'h dyn Keyed),
}

/// Where a state lives once its host is in use: with the other states of its lock, at one place among them.
#[derive(Clone)]
pub(crate) struct Home {
    pub(crate) group: Arc<Group>,
    pub(crate) slot: usize,
}

/// Gives the states of a host their place: those of one lock together, with those of other hosts that came first.
pub(crate) fn settle(parts: &[Part<'_>]) -> Result<(), LockError> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);

    let mut by_lock: BTreeMap<Key, Vec<&Cell>> = BTreeMap::new();
    let mut by_template: BTreeMap<Template, Vec<&dyn Keyed>> = BTreeMap::new();
    for part in parts {
        match *part {
            Part::One(cell) => {
                let key = Key::new(cell.kind.lock).ok_or(LockError::EmptyKey)?;
                by_lock.entry(key).or_default().push(cell);
            }
            Part::Keyed(keyed) => {
                let template = Template::new(keyed.kind().lock);
                by_template.entry(template).or_default().push(keyed);
            }
        }
    }
    for (key, cells) in by_lock {
        settle_together(key, &cells)?;
    }
    for maps in by_template.into_values() {
        crate::store::key_space::settle_together(&maps)?;
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
            let names: Vec<_> = cells.iter().map(|cell| cell.kind.name).collect();
            return Err(LockError::Apart {
                lock: key.as_str().to_owned(),
                states: names.join(", "),
            });
        }
        None => Arc::new(Group::new(Lock::new(key, Weak::new()))),
    };
    for cell in cells {
        cell.home.get_or_init(|| Home {
            slot: group.join(&cell.seed),
            group: Arc::clone(&group),
        });
    }
    Ok(())
}

impl Part<'_> {
    /// What is known of the state from its type.
    pub(crate) fn kind(&self) -> &Kind {
        match self {
            Self::One(cell) => &cell.kind,
            Self::Keyed(keyed) => keyed.kind(),
        }
    }

    /// Whether it has its place.
    pub(crate) fn is_settled(&self) -> bool {
        match self {
            Self::One(cell) => cell.home.get().is_some(),
            Self::Keyed(keyed) => keyed.family().is_some(),
        }
    }
}
