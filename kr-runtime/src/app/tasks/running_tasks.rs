//! The background tasks of a server that runs.

use super::background_task::BackgroundTask;
use crate::http::StopToken;
#[cfg(feature = "operations")]
use crate::operations::TaskList;
use crate::snapshot::{self, SnapshotRoot};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

/// The background tasks of a server that runs. They end when this is dropped.
pub(in crate::app) struct RunningTasks(Vec<(String, JoinHandle<()>)>);

impl RunningTasks {
    pub(in crate::app) fn start(
        tasks: Vec<BackgroundTask>,
        tracker: &TaskTracker,
        stop: &StopToken,
        root: Option<&SnapshotRoot>,
        #[cfg(feature = "operations")] list: &TaskList,
    ) -> Self {
        let start = |task: BackgroundTask| {
            let name = task.name.clone();
            let run = task.run(
                stop.clone(),
                #[cfg(feature = "operations")]
                list.add(&name),
            );
            let running = snapshot::within(root.cloned(), run);
            (name, tracker.spawn(running))
        };
        Self(tasks.into_iter().map(start).collect())
    }

    /// The names of those that have not ended.
    pub(in crate::app) fn unfinished(&self) -> Vec<String> {
        let unfinished = self.0.iter().filter(|(_, task)| !task.is_finished());
        unfinished.map(|(name, _)| name.clone()).collect()
    }
}

impl Drop for RunningTasks {
    fn drop(&mut self) {
        for (_, task) in &self.0 {
            task.abort();
        }
    }
}
