//! Finding the states and locks of one call, for generated code.

use super::bound_handler::{BoundHandler, ResolvedCall};
use super::call_target::{CallTarget, KeyTarget, KeyedTarget, StateSource};
use crate::host::OwnedPlan;
use crate::lock::{LockError, LockKey};
use crate::store::{EntryRef, GroupHandle, Instance, StateLockRef};
use smallvec::SmallVec;
use std::any::Any;
use std::sync::Arc;

/// What a call works on, if that is always the same.
pub fn resolve_fixed<A>(_: &A, handler: &BoundHandler) -> ResolvedCall {
    match &handler.target {
        CallTarget::Fixed(plan) => ResolvedCall(Ok(Arc::clone(plan))),
        CallTarget::Keyed(_) => unreachable!("generated code gives the keys of every template"),
    }
}

/// What a call with keys works on; `add_keys` adds the keys in the order of the templates.
pub fn resolve_keyed(
    handler: &BoundHandler,
    add_keys: impl FnOnce(&mut CallKeys<'_>),
) -> ResolvedCall {
    let CallTarget::Keyed(target) = &handler.target else {
        unreachable!("generated code gives keys where there are templates")
    };
    let mut keys = CallKeys {
        target,
        found: SmallVec::new(),
    };
    add_keys(&mut keys);
    let found = keys.found;
    if let Some(error) = same_instance(target, &found) {
        return ResolvedCall(Err(Box::new(error)));
    }
    let mut plan = OwnedPlan {
        views: target.views.clone(),
        ..OwnedPlan::default()
    };
    for (source, index, mode) in &target.accesses {
        let group = match source {
            StateSource::Single(group) => GroupHandle::Single(Arc::clone(group)),
            StateSource::Instance(number) => match &found[*number] {
                FoundKey::Instance(instance) => GroupHandle::Instance(instance.clone()),
                FoundKey::Lock(_) => unreachable!("a key of a state leads to an instance"),
            },
        };
        plan.add_access(group, *index, mode.clone());
    }
    if handler.info.takes_locks {
        let fixed = target.locks.iter();
        fixed.for_each(|lock| plan.add_lock(lock.clone()));
        for found in found {
            plan.add_lock(match found {
                FoundKey::Instance(instance) => StateLockRef::Of(GroupHandle::Instance(instance)),
                FoundKey::Lock(lock) => lock,
            });
        }
    }
    ResolvedCall(Ok(Arc::new(plan)))
}

/// Two arguments that are to be two instances may be one: that depends on the request.
fn same_instance(target: &KeyedTarget, found: &[FoundKey]) -> Option<LockError> {
    let group = |number: usize| match &found[number] {
        FoundKey::Instance(instance) => Some(instance.group()),
        FoundKey::Lock(_) => None,
    };
    for (at, (number, state)) in target.named.iter().enumerate() {
        let group_of_it = group(*number)?;
        let mut earlier = target.named[..at]
            .iter()
            .filter_map(|(other, _)| group(*other));
        if earlier.any(|other| std::ptr::eq(other, group_of_it)) {
            return Some(LockError::DuplicateBorrow {
                lock: group_of_it.lock.key().as_str().to_owned(),
                state: (*state).to_owned(),
            });
        }
    }
    None
}

/// Takes the keys of a call.
pub struct CallKeys<'t> {
    target: &'t KeyedTarget,
    found: SmallVec<[FoundKey; 2]>,
}

enum FoundKey {
    Instance(EntryRef<Instance>),
    Lock(StateLockRef),
}

/// Adds the key for the next template.
pub fn add_key<K: LockKey>(keys: &mut CallKeys<'_>, key: &K) {
    let found = match &keys.target.keys[keys.found.len()] {
        KeyTarget::Instance(key_space) => {
            FoundKey::Instance(key_space.instance_of(key as &dyn Any))
        }
        KeyTarget::Lock(template, locks) => {
            let name = template.format(|name| key.write_to(name));
            FoundKey::Lock(StateLockRef::Handle(locks.get(name)))
        }
    };
    keys.found.push(found);
}
