//! The checker rejects what it should: classic anomalies, as histories.

use crate::one_state::{OneState, Operation};
use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::Action::{Call, Response};
use todc_utils::linearizability::history::{Action, History};

fn is_linearizable(actions: Vec<(usize, Action<Operation>)>) -> bool {
    WGLChecker::<OneState>::is_linearizable(History::from_actions(actions))
}

fn append(id: u64, length: usize) -> [Action<Operation>; 2] {
    let request = Operation::Appended { id, length: None };
    let response = Operation::Appended {
        id,
        length: Some(length),
    };
    [Call(request), Response(response)]
}

fn read(ids: &[u64]) -> [Action<Operation>; 2] {
    [
        Call(Operation::Read(Vec::new())),
        Response(Operation::Read(ids.to_vec())),
    ]
}

/// The requests one after the other.
fn sequential(requests: Vec<[Action<Operation>; 2]>) -> Vec<(usize, Action<Operation>)> {
    let numbered = requests.into_iter().enumerate();
    numbered
        .flat_map(|(by, actions)| actions.map(|action| (by, action)))
        .collect()
}

/// All requests concurrently.
fn concurrent(requests: Vec<[Action<Operation>; 2]>) -> Vec<(usize, Action<Operation>)> {
    let mut actions = sequential(requests);
    actions.sort_by_key(|(_, action)| matches!(action, Response(_)));
    actions
}

#[test]
fn concurrent_requests_may_take_effect_in_any_order() {
    let requests = || vec![append(1, 2), append(2, 1), read(&[2])];
    assert!(is_linearizable(concurrent(requests())));
    assert!(!is_linearizable(sequential(requests())));
}

#[test]
fn a_lost_update_is_found() {
    assert!(!is_linearizable(concurrent(vec![
        append(1, 1),
        append(2, 1)
    ])));
}

#[test]
fn a_stale_read_is_found() {
    assert!(!is_linearizable(sequential(vec![append(1, 1), read(&[])])));
}

#[test]
fn a_non_monotonic_read_is_found() {
    let mut actions = vec![(
        9,
        Call(Operation::Appended {
            id: 1,
            length: None,
        }),
    )];
    actions.extend(sequential(vec![read(&[1]), read(&[])]));
    actions.push((
        9,
        Response(Operation::Appended {
            id: 1,
            length: Some(1),
        }),
    ));
    assert!(!is_linearizable(actions));
}

#[test]
fn a_partial_update_is_found() {
    assert!(!is_linearizable(sequential(vec![
        append(1, 1),
        append(2, 2),
        read(&[2])
    ])));
}
