//! The background tasks of an application.

mod background_task;
mod running_tasks;

pub(super) use background_task::BackgroundTask;
pub(super) use running_tasks::RunningTasks;
