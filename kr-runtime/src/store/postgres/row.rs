//! Rows as columns, and as the document that every store keeps.

use crate::store::engine::RowChange;
use crate::store::shared::StoredRow;
use crate::store::stored::RowAddress;
use crate::store::version::Stamp;

/// What stands before the states in the document of a row.
const STATES: &str = r#","states":"#;

/// A row that is asked for.
#[derive(Debug, Clone)]
pub(super) struct WantedRow {
    pub(super) address: RowAddress,
    /// The name of the lock.
    pub(super) lock: String,
    /// What is known of it.
    pub(super) known: Option<Stamp>,
    /// How often it was written for its counters alone, as far as that is known.
    pub(super) counted: i64,
}

impl WantedRow {
    /// What is known of it, or what no row ever has.
    pub(super) fn stamp(&self) -> Stamp {
        self.known.unwrap_or(Stamp {
            revision: u64::MAX,
            epoch: 0,
        })
    }
}

/// A row to write.
pub(super) struct NewRow {
    pub(super) address: RowAddress,
    /// What it is now.
    pub(super) old: Stamp,
    pub(super) new: Stamp,
    /// Whether it is written for its counters alone.
    pub(super) is_counted: bool,
    /// The states as JSON; none if they are removed.
    pub(super) states: Option<String>,
}

impl NewRow {
    /// What a commit of this process leaves.
    pub(super) fn of(change: RowChange, old: Stamp, epoch: u64) -> Result<Self, String> {
        Ok(Self {
            states: change.row.as_deref().map(states).transpose()?,
            address: change.address,
            old,
            new: Stamp {
                revision: change.revision,
                epoch,
            },
            is_counted: false,
        })
    }

    /// A row of a copy, with the revision and the epoch that its document has.
    pub(super) fn copied(change: RowChange) -> Result<Self, String> {
        let stamp = match &change.row {
            Some(document) => stamp(document).ok_or("the row has no revision")?,
            None => Stamp {
                revision: change.revision,
                epoch: 0,
            },
        };
        Ok(Self {
            new: stamp,
            ..Self::of(change, stamp, stamp.epoch)?
        })
    }

    /// The same values with other counts.
    pub(super) fn counted(change: RowChange, old: Stamp) -> Result<Self, String> {
        Ok(Self {
            new: old,
            is_counted: true,
            ..Self::of(change, old, old.epoch)?
        })
    }
}

/// The part of a row's document that is the states.
pub(super) fn states(document: &[u8]) -> Result<String, String> {
    let document = std::str::from_utf8(document).map_err(|error| error.to_string())?;
    let start = document.find(STATES).map(|start| start + STATES.len());
    let end = document.len().checked_sub(1);
    let states = start
        .zip(end)
        .and_then(|(start, end)| document.get(start..end));
    states
        .map(str::to_owned)
        .ok_or_else(|| "the row has no states".to_owned())
}

/// The revision and the epoch in the document of a row.
fn stamp(document: &[u8]) -> Option<Stamp> {
    let document = std::str::from_utf8(document).ok()?;
    let rest = document.strip_prefix(r#"{"revision":"#)?;
    let (revision, rest) = rest.split_once(r#","epoch":""#)?;
    let (epoch, _) = rest.split_once('"')?;
    Some(Stamp {
        revision: revision.parse().ok()?,
        epoch: u64::from_str_radix(epoch, 16).ok()?,
    })
}

/// The document of a row.
pub(super) fn document(stamp: Stamp, states: &str) -> Vec<u8> {
    let Stamp { revision, epoch } = stamp;
    format!(r#"{{"revision":{revision},"epoch":"{epoch:016x}"{STATES}{states}}}"#).into_bytes()
}

/// What the server says of a row, in columns.
///
/// `states` are not sent if they are known.
pub(super) fn stored(
    stamp: Stamp,
    counted: i64,
    states: Option<&str>,
    is_absent: bool,
) -> StoredRow {
    match states {
        Some(states) => StoredRow::Row(stamp, counted, document(stamp, states)),
        None if is_absent => StoredRow::Absent(stamp),
        None => StoredRow::Unchanged,
    }
}

/// A number of 64 bits without a sign, as a column has it.
pub(super) fn to_column(number: u64) -> i64 {
    i64::from_ne_bytes(number.to_ne_bytes())
}

/// The other way round.
pub(super) fn from_column(number: i64) -> u64 {
    u64::from_ne_bytes(number.to_ne_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_made_of_its_states_again() {
        let stamp = Stamp {
            revision: 17,
            epoch: u64::MAX,
        };
        let row = document(stamp, r#"{"A":{"version":1,"value":",\"states\":"}}"#);
        let states = states(&row).unwrap();
        assert_eq!(document(stamp, &states), row);
        assert_eq!(super::stamp(&row), Some(stamp));
    }
}
