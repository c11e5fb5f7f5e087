//! What became of a request, as logs and metrics say it.

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Read,
    Replayed,
    Committed,
    RolledBack,
    Unchanged,
    Panicked,
    TimedOut,
    QueueFull,
    HoldTimedOut,
    NotKept,
    Refused,
    Rejected,
    Cancelled,
    Unanswered,
}

impl Outcome {
    /// How many there are.
    #[cfg(feature = "operations")]
    pub(super) const COUNT: usize = Self::ALL.len();

    /// All of them, in the order of their numbers.
    #[cfg(feature = "operations")]
    pub(super) const ALL: [Self; 14] = [
        Self::Read,
        Self::Replayed,
        Self::Committed,
        Self::RolledBack,
        Self::Unchanged,
        Self::Panicked,
        Self::TimedOut,
        Self::QueueFull,
        Self::HoldTimedOut,
        Self::NotKept,
        Self::Refused,
        Self::Rejected,
        Self::Cancelled,
        Self::Unanswered,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Replayed => "replayed",
            Self::Committed => "committed",
            Self::RolledBack => "rolled back",
            Self::Unchanged => "unchanged",
            Self::Panicked => "panicked",
            Self::TimedOut => "timed out",
            Self::QueueFull => "queue full",
            Self::HoldTimedOut => "hold timed out",
            Self::NotKept => "not kept",
            Self::Refused => "refused",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Unanswered => "unanswered",
        }
    }
}
