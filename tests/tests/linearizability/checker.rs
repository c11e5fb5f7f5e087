//! The checker says no when it should: the classic faults of a counter, as histories.

use crate::one_state::{Did, OneState};
use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::Action::{Call, Response};
use todc_utils::linearizability::history::{Action, History};

fn explained(actions: Vec<(usize, Action<Did>)>) -> bool {
    WGLChecker::<OneState>::is_linearizable(History::from_actions(actions))
}

fn append(id: u64, length: usize) -> [Action<Did>; 2] {
    let asked = Did::Appended { id, length: None };
    let answered = Did::Appended {
        id,
        length: Some(length),
    };
    [Call(asked), Response(answered)]
}

fn read(ids: &[u64]) -> [Action<Did>; 2] {
    [
        Call(Did::Read(Vec::new())),
        Response(Did::Read(ids.to_vec())),
    ]
}

/// One request after the other.
fn in_turn(requests: Vec<[Action<Did>; 2]>) -> Vec<(usize, Action<Did>)> {
    let numbered = requests.into_iter().enumerate();
    numbered
        .flat_map(|(by, actions)| actions.map(|action| (by, action)))
        .collect()
}

/// All requests at once.
fn together(requests: Vec<[Action<Did>; 2]>) -> Vec<(usize, Action<Did>)> {
    let mut actions = in_turn(requests);
    actions.sort_by_key(|(_, action)| matches!(action, Response(_)));
    actions
}

#[test]
fn requests_at_once_may_take_effect_in_any_order() {
    let requests = || vec![append(1, 2), append(2, 1), read(&[2])];
    assert!(explained(together(requests())));
    assert!(!explained(in_turn(requests())));
}

#[test]
fn a_lost_update_is_found() {
    assert!(!explained(together(vec![append(1, 1), append(2, 1)])));
}

#[test]
fn a_stale_read_is_found() {
    assert!(!explained(in_turn(vec![append(1, 1), read(&[])])));
}

#[test]
fn a_read_that_goes_back_is_found() {
    let mut actions = vec![(
        9,
        Call(Did::Appended {
            id: 1,
            length: None,
        }),
    )];
    actions.extend(in_turn(vec![read(&[1]), read(&[])]));
    actions.push((
        9,
        Response(Did::Appended {
            id: 1,
            length: Some(1),
        }),
    ));
    assert!(!explained(actions));
}

#[test]
fn half_of_a_change_is_found() {
    assert!(!explained(in_turn(vec![
        append(1, 1),
        append(2, 2),
        read(&[2])
    ])));
}
