//! Which commits were acknowledged to any client.

use std::sync::atomic::{AtomicU64, Ordering};

/// One bit per possible commit. Allocated before the memory is measured.
pub(crate) struct Acknowledged(Vec<AtomicU64>);

impl Acknowledged {
    pub(crate) fn up_to(commits: usize) -> Self {
        Self((0..=commits / 64).map(|_| AtomicU64::new(0)).collect())
    }

    /// Records that this commit was acknowledged.
    pub(crate) fn add(&self, commit: u64) {
        let word = usize::try_from(commit / 64)
            .ok()
            .and_then(|word| self.0.get(word));
        let word = word.expect("there are no more commits than requests");
        let before = word.fetch_or(1 << (commit % 64), Ordering::Relaxed);
        assert_eq!(
            before >> (commit % 64) & 1,
            0,
            "commit {commit} was acknowledged twice"
        );
    }

    fn count(&self) -> u64 {
        let ones = self
            .0
            .iter()
            .map(|word| word.load(Ordering::Relaxed).count_ones());
        ones.map(u64::from).sum()
    }

    fn last(&self) -> u64 {
        let words = self.0.iter().enumerate().rev();
        let mut used = words.map(|(index, word)| (index as u64, word.load(Ordering::Relaxed)));
        let last = used.find(|(_, word)| *word != 0);
        last.map_or(0, |(index, word)| {
            index * 64 + u64::from(63 - word.leading_zeros())
        })
    }

    /// Asserts that every acknowledged commit is among the `commits` of the state, and that there are no more others than the
    /// `unknown` requests whose clients did not wait for the outcome.
    pub(crate) fn check(&self, commits: u64, unknown: u64) {
        let acknowledged = self.count();
        println!(
            "{commits} commits, {acknowledged} acknowledged, {unknown} with an unknown outcome"
        );
        assert!(self.last() <= commits, "an acknowledged commit is lost");
        assert!(acknowledged <= commits, "an acknowledged commit is lost");
        assert!(
            commits <= acknowledged + unknown,
            "a commit that no client requested"
        );
    }
}
