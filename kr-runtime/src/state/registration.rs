//! Registration: the states of a host get their addresses, those of one lock together, and one table of locks.

use super::address::Address;
use super::cell::StateCell;
use super::host_field::HostField;
use super::keyed_state::KeyedState;
use crate::lock::{Key, LockError, Table, Template};
use crate::store::{
    GroupLock, LockGroup, SingleToStore, StateLocks, Storage, StoreCore, attach_singles,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Gives the states of a host their addresses: those of one lock together, and with those of earlier hosts. Returns the
/// locks of the host, which all of its clones share.
pub(crate) fn register(fields: &[HostField<'_>]) -> Result<Arc<StateLocks>, LockError> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);

    let mut by_lock: BTreeMap<Key, Vec<&StateCell>> = BTreeMap::new();
    let mut by_template: BTreeMap<Template, Vec<&dyn KeyedState>> = BTreeMap::new();
    for field in fields {
        match *field {
            HostField::Single(cell) => {
                let key = Key::new(cell.state_type.lock).ok_or(LockError::EmptyKey)?;
                by_lock.entry(key).or_default().push(cell);
            }
            HostField::Keyed(keyed) => {
                let template = Template::new(keyed.state_type().lock);
                by_template.entry(template).or_default().push(keyed);
            }
        }
    }
    let locks = lock_table(fields);
    for (key, cells) in by_lock {
        register_cells(key, &cells, &locks)?;
    }
    for states in by_template.into_values() {
        register_keyed(&states, &locks)?;
    }
    for field in fields {
        field.locks().get_or_init(|| Arc::clone(&locks));
    }
    Ok(locks)
}

/// The table of the first state that is in one: of a clone of the host, or of another host that shares the state.
fn lock_table(fields: &[HostField<'_>]) -> Arc<StateLocks> {
    let mut known = fields.iter().filter_map(|field| field.locks().get());
    known.next().map_or_else(Table::new, Arc::clone)
}

fn register_cells(
    key: Key,
    cells: &[&StateCell],
    locks: &Arc<StateLocks>,
) -> Result<(), LockError> {
    let mut groups = cells.iter().filter_map(|cell| cell.address.get());
    let group = match groups.next() {
        Some(first) if groups.all(|other| Arc::ptr_eq(&first.group, &other.group)) => {
            Arc::clone(&first.group)
        }
        Some(_) => {
            let names = cells.iter().map(|cell| cell.state_type.name);
            return Err(LockError::SplitAcrossHosts {
                lock: key.as_str().to_owned(),
                states: join(names),
            });
        }
        None => Arc::new(LockGroup::new(GroupLock::Named(locks.get_own(key)))),
    };
    // It may be from the table of another host.
    if let GroupLock::Named(lock) = &group.lock {
        locks.register(lock);
    }
    for cell in cells {
        cell.address.get_or_init(|| Address {
            index: group.add_state(&cell.initial),
            group: Arc::clone(&group),
        });
    }
    Ok(())
}

fn register_keyed(states: &[&dyn KeyedState], locks: &Arc<StateLocks>) -> Result<(), LockError> {
    let lock = || states[0].state_type().lock.to_owned();
    let names = || join(states.iter().map(|state| state.state_type().name));
    let mut key_spaces: Vec<_> = states
        .iter()
        .filter_map(|state| state.typed_key_space())
        .collect();
    key_spaces.dedup_by(|one, other| Arc::ptr_eq(one, other));
    if key_spaces.len() > 1 {
        return Err(LockError::SplitAcrossHosts {
            lock: lock(),
            states: names(),
        });
    }
    let mut key_space = key_spaces.pop();
    for state in states {
        let joined = state.join(key_space);
        key_space = Some(joined.ok_or_else(|| LockError::KeyTypeMismatch {
            lock: lock(),
            states: names(),
        })?);
    }
    if let Some((key_space, _)) = states[0].key_space() {
        locks.delegate(key_space.template(), key_space.locks());
    }
    Ok(())
}

fn join<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// Says which store keeps these registered states from now on, each as `storage` says at its place. Returns a sentence for
/// each error.
pub(crate) fn attach(
    fields: &[HostField<'_>],
    storage: &[Option<Storage>],
    store: &Arc<StoreCore>,
) -> Vec<String> {
    let mut singles = Vec::new();
    let mut errors = Vec::new();
    for (number, field) in fields.iter().enumerate() {
        let name = field.state_type().name;
        let storage = storage.get(number).copied().flatten();
        match field {
            HostField::Single(cell) => {
                let address = cell.address.get();
                singles.extend(address.map(|address| SingleToStore {
                    group: &address.group,
                    index: address.index,
                    name,
                    storage,
                }));
            }
            HostField::Keyed(keyed) => {
                let Some((key_space, index)) = keyed.key_space() else {
                    continue;
                };
                key_space.schema().set(index, name, storage);
                match key_space.attach(store) {
                    Ok(true) => keyed.start_eviction(),
                    Ok(false) => errors.push(format!(
                        "state `{name}` is in another store already; give both applications the same one"
                    )),
                    Err(error) => errors.push(format!("{}: state `{name}`: {error}", store.name())),
                }
            }
        }
    }
    errors.extend(attach_singles(&singles, store));
    errors
}
