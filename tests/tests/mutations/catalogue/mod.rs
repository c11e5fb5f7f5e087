//! The mutations: what each one changes, and which tests catch it.

mod cached_responses;
mod collection;
mod commit;
mod conditions;
mod durability;
mod eviction;
mod granting;
mod leaks;
mod live;
mod machines;
mod repeated_requests;
mod resources;
mod serving;

/// A fault that software like this is known to have had.
pub(crate) struct Mutation {
    pub(crate) name: &'static str,
    pub(crate) edits: &'static [Edit],
    /// Each by its suite and its name.
    pub(crate) caught_by: &'static [&'static str],
}

/// An edit of the source, in which `find` occurs exactly once.
pub(crate) struct Edit {
    pub(crate) file: &'static str,
    pub(crate) find: &'static str,
    pub(crate) replace: &'static str,
}

pub(crate) fn all() -> impl Iterator<Item = &'static Mutation> {
    [
        cached_responses::MUTATIONS,
        collection::MUTATIONS,
        leaks::MUTATIONS,
        commit::MUTATIONS,
        conditions::MUTATIONS,
        durability::MUTATIONS,
        eviction::MUTATIONS,
        granting::MUTATIONS,
        resources::MUTATIONS,
        live::MUTATIONS,
        machines::MUTATIONS,
        serving::MUTATIONS,
        repeated_requests::MUTATIONS,
    ]
    .into_iter()
    .flatten()
}
