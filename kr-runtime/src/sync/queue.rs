//! A queue whose reader takes all that is there, and may wait for more than one item: whoever adds one wakes the reader only
//! if that is what the reader has waited for.

use super::{Mutex, MutexGuard};
use std::mem;
use std::sync::{Arc, Condvar, PoisonError};
use std::time::{Duration, Instant};

/// Adds items. Dropping it ends the queue.
pub(crate) struct QueueSender<T>(Arc<Queue<T>>);

/// Takes items. Once it is dropped nobody can add one.
pub(crate) struct QueueReceiver<T>(Arc<Queue<T>>);

struct Queue<T> {
    state: Mutex<State<T>>,
    /// There is what the reader waits for.
    arrived: Condvar,
}

struct State<T> {
    items: Vec<T>,
    /// For how many items the reader waits; none if it does not wait.
    wanted: Option<usize>,
    has_ended: bool,
}

/// The other end is gone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended;

/// An empty queue.
pub(crate) fn queue<T>() -> (QueueSender<T>, QueueReceiver<T>) {
    let queue = Arc::new(Queue {
        state: Mutex::new(State {
            items: Vec::new(),
            wanted: None,
            has_ended: false,
        }),
        arrived: Condvar::new(),
    });
    (QueueSender(Arc::clone(&queue)), QueueReceiver(queue))
}

impl<T> QueueSender<T> {
    /// Adds an item. The reader sees it when there are as many as it waits for.
    pub(crate) fn send(&self, item: T) -> Result<(), Ended> {
        self.add(item, false)
    }

    /// Adds an item that does not wait for others.
    pub(crate) fn send_at_once(&self, item: T) -> Result<(), Ended> {
        self.add(item, true)
    }

    fn add(&self, item: T, at_once: bool) -> Result<(), Ended> {
        let mut state = self.0.state();
        if state.has_ended {
            return Err(Ended);
        }
        state.items.push(item);
        let is_wanted = |wanted| at_once || state.items.len() >= wanted;
        if state.wanted.is_some_and(is_wanted) {
            state.wanted = None;
            drop(state);
            self.0.arrived.notify_one();
        }
        Ok(())
    }
}

impl<T> QueueReceiver<T> {
    /// Moves all items behind those in `taken`.
    pub(crate) fn take(&self, taken: &mut Vec<T>) {
        let mut state = self.0.state();
        match taken.is_empty() {
            true => mem::swap(&mut state.items, taken),
            false => taken.append(&mut state.items),
        }
    }

    /// Waits until there are so many items, or one that does not wait for others came meanwhile, or that long.
    ///
    /// # Errors
    /// If there are none, and nobody can add one any more.
    pub(crate) fn wait(&self, wanted: usize, at_most: Option<Duration>) -> Result<(), Ended> {
        let deadline = at_most.and_then(|time| Instant::now().checked_add(time));
        let mut state = self.0.state();
        if state.items.len() < wanted {
            state.wanted = Some(wanted);
        }
        while state.wanted.is_some() && !state.has_ended {
            let Some(deadline) = deadline else {
                let woken = self.0.arrived.wait(state);
                state = woken.unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let remaining = deadline.saturating_duration_since(Instant::now());
            if remaining.is_zero() {
                break;
            }
            let woken = self.0.arrived.wait_timeout(state, remaining);
            (state, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
        state.wanted = None;
        match state.has_ended && state.items.is_empty() {
            true => Err(Ended),
            false => Ok(()),
        }
    }
}

impl<T> Queue<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) -> Vec<T> {
        let mut state = self.state();
        state.has_ended = true;
        mem::take(&mut state.items)
    }
}

impl<T> Drop for QueueSender<T> {
    fn drop(&mut self) {
        self.0.state().has_ended = true;
        self.0.arrived.notify_one();
    }
}

impl<T> Drop for QueueReceiver<T> {
    fn drop(&mut self) {
        // What nobody takes is dropped without the mutex: it may be anything.
        drop(self.0.end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    const SOON: Option<Duration> = Some(Duration::from_millis(20));
    const LATER: Option<Duration> = Some(Duration::from_secs(30));

    fn taken(receiver: &QueueReceiver<u8>) -> Vec<u8> {
        let mut taken = Vec::new();
        receiver.take(&mut taken);
        taken
    }

    #[test]
    fn everything_is_taken_at_once_in_its_order() {
        let (sender, receiver) = queue();
        sender.send(1).unwrap();
        sender.send(2).unwrap();
        let mut items = vec![0];
        receiver.take(&mut items);
        assert_eq!(items, [0, 1, 2]);
        assert!(taken(&receiver).is_empty());
    }

    #[test]
    fn a_wait_ends_when_there_are_enough() {
        let (sender, receiver) = queue();
        let sending = thread::spawn(move || {
            for item in 1..=3 {
                thread::sleep(Duration::from_millis(5));
                sender.send(item).unwrap();
            }
            sender
        });
        receiver.wait(3, LATER).unwrap();
        assert_eq!(taken(&receiver), [1, 2, 3]);
        drop(sending.join().unwrap());
    }

    #[test]
    fn a_wait_for_what_is_there_is_none() {
        let (sender, receiver) = queue();
        sender.send(1).unwrap();
        receiver.wait(1, None).unwrap();
    }

    #[test]
    fn a_wait_for_what_does_not_come_ends_in_time() {
        let (sender, receiver) = queue();
        sender.send(1).unwrap();
        receiver.wait(2, SOON).unwrap();
        assert_eq!(taken(&receiver), [1]);
    }

    #[test]
    fn what_does_not_wait_for_others_wakes_the_reader() {
        let (sender, receiver) = queue();
        let sending = thread::spawn(move || {
            thread::sleep(Duration::from_millis(5));
            sender.send_at_once(1).unwrap();
            sender
        });
        receiver.wait(100, None).unwrap();
        assert_eq!(taken(&receiver), [1]);
        drop(sending.join().unwrap());
    }

    #[test]
    fn what_is_there_is_taken_before_the_queue_ends() {
        let (sender, receiver) = queue();
        sender.send(1).unwrap();
        drop(sender);
        receiver.wait(100, None).unwrap();
        assert_eq!(taken(&receiver), [1]);
        assert_eq!(receiver.wait(1, None), Err(Ended));
    }

    #[test]
    fn a_reader_that_waits_hears_of_the_end() {
        let (sender, receiver) = queue::<u8>();
        let ending = thread::spawn(move || {
            thread::sleep(Duration::from_millis(5));
            drop(sender);
        });
        assert_eq!(receiver.wait(1, None), Err(Ended));
        ending.join().unwrap();
    }

    #[test]
    fn nothing_is_added_that_nobody_will_take() {
        let (sender, receiver) = queue();
        let item = Arc::new(());
        sender.send(Arc::clone(&item)).unwrap();
        drop(receiver);
        assert_eq!(Arc::strong_count(&item), 1);
        assert_eq!(sender.send(item), Err(Ended));
    }
}
