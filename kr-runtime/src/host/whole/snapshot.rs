//! A snapshot of a whole host.

use super::cut::{FieldCut, cut};
use super::error::HostSnapshotError;
use crate::state::{HostField, SnapshotCodec, StateType};
use crate::store::Value;
use sha2::{Digest, Sha256};
use std::fmt;

/// The values of all states of a host at one moment: every commit is in it as a whole or not at all, over all locks and
/// keyed states. [`Host::snapshot`](crate::Host::snapshot) takes it.
///
/// It holds the values themselves, as [`Committed`](crate::Committed) does: nothing is copied, and nothing that is changed
/// in place can be changed as long as it is there.
///
/// ```
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone, Serialize, Deserialize, SharedState)]
/// #[shared_state(lock = "visits")]
/// struct Visits(u64);
///
/// #[derive(Host)]
/// struct Site {
///     visits: Shared<Visits>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let site = Site { visits: Shared::new(Visits(1)) };
/// let document = site.snapshot().await?.to_clixml()?;
/// site.update(|visits: &mut Visits| visits.0 = 7).await?;
///
/// let snapshot = site.read_snapshot(document.as_bytes())?;
/// let preview = site.preview_restore(snapshot).await?;
/// let restored = site.restore_all(preview).await?;
/// assert_eq!(restored.states, 1);
/// let visits = site.read::<Visits>().await?;
/// assert_eq!((visits.0, visits.revision()), (1, 2));
/// # Ok(())
/// # }
/// ```
pub struct HostSnapshot {
    pub(crate) taken: jiff::Timestamp,
    pub(crate) states: Vec<StateContent>,
    pub(crate) left_out: Vec<&'static str>,
}

/// What a snapshot has of one state.
pub(crate) struct StateContent {
    pub(crate) state: StateType,
    pub(crate) codec: SnapshotCodec,
    pub(crate) content: Content,
}

/// What a snapshot has of one state.
pub(crate) enum Content {
    Single(Value, u64),
    /// Keys, as a store has them, values and revisions.
    Keyed(Vec<(Vec<u8>, Value, u64)>),
}

/// The values of all states now.
pub(crate) async fn take(fields: Vec<HostField<'_>>) -> Result<HostSnapshot, HostSnapshotError> {
    let cut = cut(&fields).await?;
    let mut snapshot = HostSnapshot {
        taken: jiff::Timestamp::now(),
        states: Vec::new(),
        left_out: Vec::new(),
    };
    for (field, content) in fields.iter().zip(cut) {
        let state = *field.state_type();
        let Some(codec) = state.traits.snapshot else {
            snapshot.left_out.push(state.name);
            continue;
        };
        snapshot.states.push(StateContent {
            state,
            codec,
            content: match content {
                FieldCut::Single(value, revision) => Content::Single(value, revision),
                FieldCut::Keyed(instances) => Content::Keyed(instances),
            },
        });
    }
    Ok(snapshot)
}

impl HostSnapshot {
    /// Tells the moment from all others of the same process: it depends on every revision.
    pub(crate) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        for state in &self.states {
            add(state.state.name.as_bytes());
            match &state.content {
                Content::Single(_, revision) => add(&revision.to_le_bytes()),
                Content::Keyed(instances) => {
                    for (key, _, revision) in instances {
                        add(key);
                        add(&revision.to_le_bytes());
                    }
                }
            }
        }
        let hash = hash.finalize();
        hash[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// One state of it.
    pub(crate) fn only(mut self, state: &str) -> Self {
        self.states.retain(|it| it.state.name == state);
        self
    }

    /// The names of the states that are in it.
    #[must_use]
    pub fn states(&self) -> Vec<&'static str> {
        self.states.iter().map(|it| it.state.name).collect()
    }

    /// The names of the states that are not in it, because they are `transient`, or their type is not `Serialize` and
    /// `Deserialize`.
    #[must_use]
    pub fn left_out(&self) -> &[&'static str] {
        &self.left_out
    }

    /// How many values are in it: one of each state without a key, and one of each instance.
    #[must_use]
    pub fn values(&self) -> usize {
        let values = self.states.iter().map(|state| match &state.content {
            Content::Single(..) => 1,
            Content::Keyed(instances) => instances.len(),
        });
        values.sum()
    }
}

impl fmt::Debug for HostSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostSnapshot")
            .field("states", &self.states())
            .field("values", &self.values())
            .field("left_out", &self.left_out)
            .finish_non_exhaustive()
    }
}
