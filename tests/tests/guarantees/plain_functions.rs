//! Handlers stay plain functions, which a unit test can call without a server.

use crate::sample_host::{self, Changes, Pair};

#[test]
fn a_handler_is_called_with_a_borrow_and_without_a_lock() {
    let (mut pair, mut changes) = (Pair::default(), Changes::default());
    let response = sample_host::change(&mut pair, &mut changes);
    assert_eq!((response.left, pair.right, changes.0), (1, 1, 1));
    assert_eq!(sample_host::read(&pair).left, 1);
}

#[test]
fn a_handler_can_be_used_as_a_function_pointer() {
    let change: fn(&mut Pair, &mut Changes) -> axum::Json<Pair> = sample_host::change;
    let (mut pair, mut changes) = (Pair::default(), Changes::default());
    let _ = change(&mut pair, &mut changes);
    assert_eq!(pair.left, 1);
}
