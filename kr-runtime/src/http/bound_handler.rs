//! A handler on its host, with everything that it needs resolved.

use crate::check::handler_info::Meta;
use crate::host::binding::Binding;
use crate::host::multi_state::{Member, Mixed};
use crate::http::cached_response::LastAnswer;
use crate::lock::lock_key::LockKey;
use crate::lock::{Key, Lock, Locks, Template};
use crate::state::registration::Part;
use crate::store::key_map::Entered;
use crate::store::key_space::{Instance, Space};
use crate::store::lock_group::Group;
use crate::transaction::access_plan::{Guarded, How, Plan};
use smallvec::SmallVec;
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// A handler on its host, with everything that it needs resolved.
pub struct Site {
    pub(crate) meta: &'static Meta,
    pub(crate) target: Target,
    pub(crate) wait: Duration,
    pub(crate) max_waiters: usize,
    pub(crate) hold: Duration,
    /// The handlers that run in tasks of their own; a graceful stop waits for them.
    pub(crate) running: TaskTracker,
    /// Of a route with `cached`; other routes leave it empty.
    pub(crate) last_answer: LastAnswer,
}

/// What the handler's calls work on.
pub(crate) enum Target {
    /// The same states under the same locks each time.
    Fixed(Arc<Mixed>),
    /// States and locks that depend on the arguments.
    Keyed(Search),
}

/// What a call works on.
pub struct Located(pub(crate) Arc<Mixed>);

/// How to find what a call with keys works on.
pub(crate) struct Search {
    /// The locks that do not depend on anything.
    locks: Vec<Arc<Lock>>,
    /// In the order of the arguments.
    borrows: Vec<(Source, usize, How)>,
    /// In the order of the templates in `#[locked]`.
    keyed: Vec<Named>,
}

/// Where a borrowed state is.
enum Source {
    Always(Arc<Group>),
    /// In the instance of that key.
    Of(usize),
}

/// What a key leads to.
enum Named {
    /// An instance of keyed states.
    Instance(Arc<dyn Space>),
    /// A lock without states.
    Lock(Template, Locks),
}

impl Target {
    /// For a handler with these bindings; its host is settled.
    pub(crate) fn new(meta: &Meta, bindings: Vec<Binding<'_>>, locks: &Locks) -> Self {
        let (templates, names): (Vec<&str>, Vec<&str>) =
            meta.locks.iter().partition(|key| key.contains('{'));
        let taken = names.into_iter().filter(|_| meta.takes_locks);
        let fixed: Vec<Arc<Lock>> = taken
            .filter_map(Key::new)
            .map(|key| locks.get(key))
            .collect();
        if templates.is_empty() {
            return Self::Fixed(Arc::new(always(bindings, fixed)));
        }
        let templates = templates.into_iter().map(Template::new);
        let mut keyed: Vec<Named> = templates
            .map(|template| Named::Lock(template, locks.clone()))
            .collect();
        let borrows = bindings.into_iter().filter_map(|Binding { part, how }| {
            let (source, slot) = match part {
                Part::One(cell) => {
                    let home = cell.home.get()?;
                    (Source::Always(Arc::clone(&home.group)), home.slot)
                }
                Part::Keyed(map) => {
                    let (space, slot) = map.family()?;
                    let index = keyed.iter().position(|named| named.is(space.template()))?;
                    keyed[index] = Named::Instance(space);
                    (Source::Of(index), slot)
                }
            };
            Some((source, slot, how))
        });
        Self::Keyed(Search {
            borrows: borrows.collect(),
            locks: fixed,
            keyed,
        })
    }
}

/// The plan for states of which there is one each.
fn always(bindings: Vec<Binding<'_>>, locks: Vec<Arc<Lock>>) -> Mixed {
    let mut plan = Plan::default();
    for Binding { part, how } in bindings {
        if let Part::One(cell) = part
            && let Some(home) = cell.home.get()
        {
            plan.borrow(Member::One(Arc::clone(&home.group)), home.slot, how);
        }
    }
    locks.into_iter().for_each(|lock| plan.take(lock));
    plan
}

impl Named {
    fn is(&self, of: &Template) -> bool {
        match self {
            Self::Instance(space) => space.template() == of,
            Self::Lock(template, _) => template == of,
        }
    }
}

/// What a call works on, if that is always the same.
pub fn fixed<A>(_: &A, site: &Site) -> Located {
    match &site.target {
        Target::Fixed(plan) => Located(Arc::clone(plan)),
        Target::Keyed(_) => unreachable!("generated code gives the keys of every template"),
    }
}

/// What a call works on, with its keys, which `fill` gives in the order of the templates.
pub fn keyed(site: &Site, fill: impl FnOnce(&mut Keys<'_>)) -> Located {
    let Target::Keyed(search) = &site.target else {
        unreachable!("generated code gives keys where there are templates")
    };
    let mut keys = Keys {
        search,
        found: SmallVec::new(),
    };
    fill(&mut keys);
    let found = keys.found;
    let mut plan = Mixed::default();
    for (source, slot, how) in &search.borrows {
        let member = match source {
            Source::Always(group) => Member::One(Arc::clone(group)),
            Source::Of(index) => match &found[*index] {
                Found::Instance(entered) => Member::Of(entered.clone()),
                Found::Lock(_) => unreachable!("a key of a state leads to an instance"),
            },
        };
        plan.borrow(member, *slot, how.clone());
    }
    if site.meta.takes_locks {
        search
            .locks
            .iter()
            .for_each(|lock| plan.take(Arc::clone(lock)));
        for found in found {
            plan.take(match found {
                Found::Instance(entered) => Arc::clone(&entered.group().lock),
                Found::Lock(lock) => lock,
            });
        }
    }
    Located(Arc::new(plan))
}

/// Takes the keys of a call.
pub struct Keys<'s> {
    search: &'s Search,
    found: SmallVec<[Found; 2]>,
}

enum Found {
    Instance(Entered<Instance>),
    Lock(Arc<Lock>),
}

/// The key for the next template.
pub fn key<K: LockKey>(keys: &mut Keys<'_>, key: &K) {
    let found = match &keys.search.keyed[keys.found.len()] {
        Named::Instance(space) => Found::Instance(space.enter_any(key as &dyn Any)),
        Named::Lock(template, locks) => {
            Found::Lock(locks.get(template.fill(|text| key.write_to(text))))
        }
    };
    keys.found.push(found);
}
