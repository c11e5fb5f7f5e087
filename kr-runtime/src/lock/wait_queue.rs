//! Who holds a lock and who waits for it, for tools.

use super::Task;
use super::named_lock::Lock;
use super::request::Holder;
use super::status::HolderStatus;

/// Who holds a lock and who waits for it, at one moment.
pub(crate) struct WaitQueue {
    pub(crate) holder: Option<HolderStatus>,
    /// How many requests wait.
    pub(crate) waiting: usize,
    /// The routes or lines of code that wait, in the order in which they are served.
    pub(crate) waiters: Vec<String>,
}

impl<V> Lock<V> {
    /// Whether it is held, and how many requests wait.
    pub(crate) fn load(&self) -> (bool, usize) {
        let entry = self.entry();
        (entry.queue.holder().is_some(), entry.queue.len())
    }

    /// Whether it is held; as long as anybody waits, it is.
    pub(crate) fn is_busy(&self) -> bool {
        self.entry().queue.holder().is_some()
    }

    /// As [`is_busy`](Self::is_busy), and also if somebody looks at the lock just now: this waits for nobody.
    pub(crate) fn may_be_busy(&self) -> bool {
        let entry = self.try_entry();
        entry.is_none_or(|entry| entry.queue.holder().is_some())
    }

    /// The task that holds the lock, if that is known.
    pub(super) fn holding_task(&self) -> Option<Task> {
        self.entry().queue.holder()?.task
    }

    /// The tasks that wait, as far as they are known.
    pub(super) fn waiting_tasks(&self) -> Vec<Task> {
        let entry = self.entry();
        let waiting = entry.queue.waiting();
        waiting.filter_map(|waiting| waiting.task).collect()
    }

    /// Who holds the lock and who waits for it; of those who wait, at most so many of the first.
    pub(crate) fn wait_queue(&self, most: usize) -> WaitQueue {
        let mut entry = self.entry();
        let holder = entry.queue.holder_mut();
        let holder = holder.map(|holder| (holder.call_site, Holder::hold_time(holder)));
        let count = entry.queue.len();
        let waiting = entry.queue.waiting().take(most);
        let waiting: Vec<_> = waiting.map(|waiting| waiting.call_site).collect();
        // Texts are made outside the mutex.
        drop(entry);
        WaitQueue {
            holder: holder.map(|(call_site, held_for)| HolderStatus {
                call_site: call_site.to_string(),
                held_for,
            }),
            waiting: count,
            waiters: waiting.iter().map(ToString::to_string).collect(),
        }
    }
}
