//! What the application was answered, a line each.

use std::fmt;

/// What the application was answered, or is about to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The page was changed so often.
    Page(u64),
    /// Two accounts were changed, each so often: their keys and numbers.
    Moved([(u64, u64); 2]),
    /// A ticket was made.
    Made(u64),
    /// A ticket is about to be removed.
    Removing(u64),
    /// A ticket was removed.
    Removed(u64),
    /// The page was visited: how often, and when, in microseconds of the Unix time.
    Counted(i64, u64),
    /// A request with that key had that answer.
    Ordered(String, u64),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(changes) => write!(f, "page {changes}"),
            Self::Moved([(a, a_changes), (b, b_changes)]) => {
                write!(f, "moved {a} {a_changes} {b} {b_changes}")
            }
            Self::Made(ticket) => write!(f, "made {ticket}"),
            Self::Removing(ticket) => write!(f, "removing {ticket}"),
            Self::Removed(ticket) => write!(f, "removed {ticket}"),
            Self::Counted(visits, micros) => write!(f, "counted {visits} {micros}"),
            Self::Ordered(key, answer) => write!(f, "ordered {key} {answer}"),
        }
    }
}

impl Event {
    /// Reads a line; `None` for half a line, which a program leaves that is killed.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let name = words.next()?;
        if name == "ordered" {
            let key = words.next()?.to_owned();
            return Some(Self::Ordered(key, words.next()?.parse().ok()?));
        }
        let numbers: Option<Vec<u64>> = words.map(|word| word.parse().ok()).collect();
        match (name, &numbers?[..]) {
            ("page", [changes]) => Some(Self::Page(*changes)),
            ("moved", [a, a_changes, b, b_changes]) => {
                Some(Self::Moved([(*a, *a_changes), (*b, *b_changes)]))
            }
            ("made", [ticket]) => Some(Self::Made(*ticket)),
            ("removing", [ticket]) => Some(Self::Removing(*ticket)),
            ("removed", [ticket]) => Some(Self::Removed(*ticket)),
            ("counted", [visits, micros]) => {
                Some(Self::Counted(i64::try_from(*visits).ok()?, *micros))
            }
            _ => None,
        }
    }
}
