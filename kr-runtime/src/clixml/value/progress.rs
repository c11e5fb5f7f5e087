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
    /// What is going on.
    pub activity: Text,
    /// The number of the activity.
    pub activity_id: i32,
    /// The step that is being done.
    pub current_operation: Option<Text>,
    /// The number of the activity that this one is part of, or -1.
    pub parent_activity_id: i32,
    /// How much is done, or -1.
    pub percent_complete: i32,
    /// Whether it is over.
    pub completed: bool,
    /// How long it will take, or -1.
    pub seconds_remaining: i32,
    /// What it is about.
    pub status: Text,
}
