//! Reading what has changed: all that is asked for while one `SELECT` is under way shares the next.

use super::errors::Failure;
use super::row::WantedRow;
use super::store::{Core, wanted};
use crate::store::group_ref::GroupHandle;
use crate::store::shared::{Asked, RowLockError, StoredRow, apply};
use crate::store::version::Stamp;
use futures_util::future::{BoxFuture, FutureExt};
use std::collections::HashMap;
use std::sync::{Arc, Weak};
use tokio::sync::{mpsc, oneshot};

/// Takes questions.
pub(super) struct Refresher(mpsc::UnboundedSender<Question>);

/// Answers them.
pub(super) struct Refreshes(mpsc::UnboundedReceiver<Question>);

struct Question {
    groups: Vec<GroupHandle>,
    reply: oneshot::Sender<Result<Vec<Stamp>, Failure>>,
}

/// How many questions share a `SELECT`.
const QUESTIONS_AT_ONCE: usize = 1000;

impl Refresher {
    pub(super) fn new() -> (Self, Refreshes) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), Refreshes(receiver))
    }

    /// Asks for what these groups are now.
    pub(super) fn ask(
        &self,
        groups: Vec<GroupHandle>,
    ) -> BoxFuture<'static, Result<Vec<Stamp>, RowLockError>> {
        let (reply, answer) = oneshot::channel();
        let sent = self.0.send(Question { groups, reply });
        async move {
            let stopped = || Failure::Refused("the store has stopped".to_owned());
            let answer = match sent {
                Ok(()) => answer.await.unwrap_or_else(|_| Err(stopped())),
                Err(_) => Err(stopped()),
            };
            answer.map_err(|failure| RowLockError::Unavailable(failure.reason()))
        }
        .boxed()
    }
}

impl Refreshes {
    /// Answers as long as there is a store.
    pub(super) async fn run(mut self, core: Weak<Core>) {
        let mut questions = Vec::new();
        while self.0.recv_many(&mut questions, QUESTIONS_AT_ONCE).await > 0 {
            let Some(core) = core.upgrade() else { return };
            let asked = std::mem::take(&mut questions);
            // A value that cannot be read panics in a task of its own.
            let _ = tokio::spawn(answer(core, asked)).await;
        }
    }
}

/// A group that is asked for, and what is known of it.
struct AskedGroup {
    group: GroupHandle,
    asked: Asked,
}

async fn answer(core: Arc<Core>, questions: Vec<Question>) {
    let mut numbers = HashMap::new();
    let mut groups: Vec<AskedGroup> = Vec::new();
    let mut rows: Vec<WantedRow> = Vec::new();
    for group in questions.iter().flat_map(|question| &question.groups) {
        numbers.entry(group.id()).or_insert_with(|| {
            let (asked, row) = wanted(group);
            groups.push(AskedGroup {
                group: group.clone(),
                asked,
            });
            rows.push(row);
            groups.len() - 1
        });
    }
    let stamps = match core.read_rows(&rows).await {
        Ok(found) => Ok(take_over(&groups, found)),
        Err(failure) => Err(failure),
    };
    for question in questions {
        let answer = match &stamps {
            Ok(stamps) => {
                let groups = question.groups.iter();
                Ok(groups.map(|group| stamps[numbers[&group.id()]]).collect())
            }
            Err(failure) => Err(failure.clone()),
        };
        // Nobody waits any more if that fails.
        let _ = question.reply.send(answer);
    }
}

/// What the groups were when they were read.
fn take_over(groups: &[AskedGroup], found: Vec<super::transaction::Locked>) -> Vec<Stamp> {
    let none = Stamp {
        revision: 0,
        epoch: 0,
    };
    let mut rows: Vec<Option<StoredRow>> = groups.iter().map(|_| None).collect();
    for (number, _, row) in found {
        rows[number] = Some(row);
    }
    let rows = rows
        .into_iter()
        .map(|row| row.unwrap_or(StoredRow::Absent(none)));
    groups
        .iter()
        .zip(rows)
        .map(|(group, row)| apply(&group.group, group.asked, row, false))
        .collect()
}
