//! Reading what has changed.

use super::core::{Core, wanted};
use super::questions::Question;
use super::row::WantedRow;
use super::transaction::Locked;
use crate::store::shared::{KnownRow, SharedGroup, StoredRow};
use crate::store::version::Stamp;
use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Weak};
use tokio::sync::mpsc;

/// How many questions share a `SELECT`.
const QUESTIONS_AT_ONCE: usize = 1000;

/// Answers as long as there is a store.
pub(super) async fn run(core: Weak<Core>, mut asked: mpsc::UnboundedReceiver<Question>) {
    let mut questions = Vec::new();
    while asked.recv_many(&mut questions, QUESTIONS_AT_ONCE).await > 0 {
        let Some(core) = core.upgrade() else { return };
        let questions = mem::take(&mut questions);
        // A value that cannot be read panics in a task of its own.
        let _ = tokio::spawn(answer(core, questions)).await;
    }
}

/// A group that is asked for, and what is known of it.
struct AskedGroup {
    group: Arc<dyn SharedGroup>,
    known: KnownRow,
}

async fn answer(core: Arc<Core>, questions: Vec<Question>) {
    let mut numbers = HashMap::new();
    let mut groups: Vec<AskedGroup> = Vec::new();
    let mut rows: Vec<WantedRow> = Vec::new();
    for group in questions.iter().flat_map(|question| &question.groups) {
        numbers.entry(group.id()).or_insert_with(|| {
            let (known, row) = wanted(&**group);
            groups.push(AskedGroup {
                group: Arc::clone(group),
                known,
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
fn take_over(groups: &[AskedGroup], found: Vec<Locked>) -> Vec<Stamp> {
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
        .map(|(group, row)| group.group.take_over(group.known, row, false))
        .collect()
}
