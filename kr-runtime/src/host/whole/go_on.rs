//! Revisions that go on from those of a snapshot.

use super::snapshot::{Content, HostSnapshot};
use crate::host::address;
use crate::state::HostField;

/// Says that revisions go on from those that the snapshot has, in a host that nobody uses yet: whoever has seen one of them
/// before the program was started again sees none of them for another value.
pub(crate) fn go_on_from(fields: &[HostField<'_>], snapshot: &HostSnapshot) {
    for state in &snapshot.states {
        let mut fields_of = fields.iter();
        let field = fields_of.find(|field| field.state_type().name == state.state.name);
        match (field, &state.content) {
            (Some(HostField::Single(cell)), Content::Single(_, revision)) => {
                // What is not registered is found wrong when the snapshot is put back.
                if let Ok(address) = address::find(cell, || fields.to_vec()) {
                    let mut chain = address.group.chain();
                    let known = chain.durable().revision();
                    chain.start_at(known.max(*revision));
                }
            }
            (Some(HostField::Keyed(keyed)), Content::Keyed(instances)) => {
                let highest = instances.iter().max_by_key(|(.., revision)| *revision);
                if let (Some((list, _)), Some((key, _, highest))) = (keyed.list(), highest)
                    && let Some(instance) = list.get_or_create(key)
                {
                    // Those that are made from now on begin behind it; this one is dropped, and made again.
                    instance.retire(*highest);
                }
            }
            _ => {}
        }
    }
}
