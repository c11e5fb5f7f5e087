//! Progress records.

use super::text::Text;

/// A progress record, as `Write-Progress` makes it.
///
/// ```
/// use kr_runtime::clixml::{self, Progress, Value};
///
/// let progress = Progress { activity: "Copying".into(), ..Progress::default() };
/// let document = clixml::to_string(&Value::Progress(progress.into()))?;
/// assert!(document.contains("<AV>Copying</AV>"));
/// # Ok::<(), clixml::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The activity.
    pub activity: Text,
    /// The number of the activity.
    pub activity_id: i32,
    /// The current step.
    pub current_operation: Option<Text>,
    /// The number of the activity that this one is part of, or -1.
    pub parent_activity_id: i32,
    /// The percentage that is complete, or -1.
    pub percent_complete: i32,
    /// Whether the activity has completed.
    pub completed: bool,
    /// The remaining time in seconds, or -1.
    pub seconds_remaining: i32,
    /// The status of the activity.
    pub status: Text,
}
