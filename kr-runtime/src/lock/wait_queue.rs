//! Who holds a lock and who waits for it, for tools.

use super::named_lock::Lock;
use super::request::Holder;
use super::status::HolderStatus;

/// Who holds a lock and who waits for it, at one moment.
pub(crate) struct WaitQueue {
    pub(crate) holder: Option<HolderStatus>,
    /// The routes or lines of code that wait, in the order in which they are served.
    pub(crate) waiters: Vec<String>,
}

impl<V> Lock<V> {
    /// How many requests wait.
    pub(crate) fn waiting(&self) -> usize {
        self.entry().queue.len()
    }

    /// Who holds the lock and who waits for it; of those who wait, at most so many of the first.
    pub(crate) fn wait_queue(&self, most: usize) -> WaitQueue {
        let mut entry = self.entry();
        let holder = entry.queue.holder_mut();
        let holder = holder.map(|holder| (holder.call_site, Holder::hold_time(holder)));
        let waiting = entry.queue.waiting().take(most);
        let waiting: Vec<_> = waiting.map(|waiting| waiting.call_site).collect();
        // Texts are made outside the mutex.
        drop(entry);
        WaitQueue {
            holder: holder.map(|(call_site, held_for)| HolderStatus {
                call_site: call_site.to_string(),
                held_for,
            }),
            waiters: waiting.iter().map(ToString::to_string).collect(),
        }
    }
}
