//! What the calls of a handler work on, resolved when the application is built.

use crate::check::HandlerInfo;
use crate::host::{Binding, BindingMode, OwnedPlan};
use crate::lock::{Key, Template};
use crate::state::HostField;
use crate::store::{AnyKeySpace, GroupHandle, LockGroup, StateLockRef, StateLocks, Value};
use crate::transaction::{AccessMode, AccessPlan, ViewList, Views};
use std::sync::Arc;

/// What the calls of a handler work on.
pub(crate) enum CallTarget {
    /// The same states under the same locks each time.
    Fixed(Arc<OwnedPlan>),
    /// States and locks that depend on the arguments.
    Keyed(KeyedTarget),
}

/// What the calls of a handler with keys work on.
pub(crate) struct KeyedTarget {
    /// The locks that do not depend on a key.
    pub(super) locks: Vec<StateLockRef>,
    /// In the order of the arguments.
    pub(super) accesses: Vec<(StateSource, usize, AccessMode)>,
    /// In the order of the templates in `#[locked]`.
    pub(super) keys: Vec<KeyTarget>,
    /// The arguments that are no values of a lock.
    pub(super) views: Views,
    /// The keys that the handler gives to arguments by their names, and the names of the states: each is to be another
    /// instance.
    pub(super) named: Vec<(usize, &'static str)>,
}

/// Where a borrowed state is.
pub(super) enum StateSource {
    Single(Arc<LockGroup>),
    /// In the instance of the key of that number.
    Instance(usize),
}

/// What a key leads to.
pub(super) enum KeyTarget {
    /// An instance of keyed states.
    Instance(Arc<dyn AnyKeySpace>),
    /// A lock without states.
    Lock(Template, Arc<StateLocks>),
}

impl CallTarget {
    /// For a handler with these bindings; its host is registered.
    pub(crate) fn new(
        info: &HandlerInfo,
        bindings: Vec<Binding<'_>>,
        locks: &Arc<StateLocks>,
        host: impl Fn() -> Value,
    ) -> Self {
        let (templates, names): (Vec<&str>, Vec<&str>) =
            info.locks.iter().partition(|key| key.contains('{'));
        let taken = names.into_iter().filter(|_| info.takes_locks);
        let fixed: Vec<StateLockRef> = taken
            .filter_map(Key::new)
            .map(|key| StateLockRef::Handle(locks.get(key)))
            .collect();
        let (bindings, views) = split(bindings, host);
        if templates.is_empty() {
            return Self::Fixed(Arc::new(fixed_plan(bindings, fixed, views)));
        }
        let templates = templates.into_iter().map(Template::new);
        let mut keys: Vec<KeyTarget> = templates
            .map(|template| KeyTarget::Lock(template, Arc::clone(locks)))
            .collect();
        let named = bindings.iter().filter_map(|(field, _, key)| {
            let name = field.state_type().name;
            key.map(|number| (number, name))
        });
        let named = named.collect();
        let accesses = bindings.into_iter().filter_map(|(field, mode, key)| {
            let (source, index) = match field {
                HostField::Single(cell) => {
                    let address = cell.address.get()?;
                    let group = Arc::clone(&address.group);
                    (StateSource::Single(group), address.index)
                }
                HostField::Keyed(keyed) => {
                    let (key_space, index) = keyed.key_space()?;
                    let template = key_space.template();
                    let number = match key {
                        Some(number) => number,
                        None => keys.iter().position(|key| key.template() == template)?,
                    };
                    keys[number] = KeyTarget::Instance(key_space);
                    (StateSource::Instance(number), index)
                }
            };
            Some((source, index, mode))
        });
        Self::Keyed(KeyedTarget {
            accesses: accesses.collect(),
            locks: fixed,
            keys,
            views,
            named,
        })
    }
}

/// A state, how it is accessed, and the number of its key, if the handler gives it one.
type BoundState<'h> = (HostField<'h>, AccessMode, Option<usize>);

/// The arguments that are values of a lock, and those that are not.
fn split(bindings: Vec<Binding<'_>>, host: impl Fn() -> Value) -> (Vec<BoundState<'_>>, Views) {
    let (mut accesses, mut views, mut asks_revision) = (Vec::new(), Vec::new(), false);
    for Binding { mode, key, .. } in bindings {
        match mode {
            BindingMode::Access(field, mode) => accesses.push((field, mode, key)),
            BindingMode::View(view) => views.push(view),
            BindingMode::Host => views.push(host()),
            BindingMode::Revision => asks_revision = true,
        }
    }
    (accesses, ViewList::new(views, asks_revision))
}

/// The plan for states without keys.
fn fixed_plan(bindings: Vec<BoundState<'_>>, locks: Vec<StateLockRef>, views: Views) -> OwnedPlan {
    let mut plan = AccessPlan {
        views,
        ..AccessPlan::default()
    };
    for (field, mode, _) in bindings {
        if let HostField::Single(cell) = field
            && let Some(address) = cell.address.get()
        {
            let group = GroupHandle::Single(Arc::clone(&address.group));
            plan.add_access(group, address.index, mode);
        }
    }
    locks.into_iter().for_each(|lock| plan.add_lock(lock));
    plan
}

impl KeyTarget {
    fn template(&self) -> &Template {
        match self {
            Self::Instance(key_space) => key_space.template(),
            Self::Lock(template, _) => template,
        }
    }
}
