//! What somebody may do.

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// See everything that is not secret.
    Read,
    /// Take snapshots, which have secrets in them, and put them back.
    Full,
}
