//! Persistent collections and shared data have the same snapshots as plain ones.

use kr_runtime::clixml;
use rpds::{RedBlackTreeMapSync, VectorSync};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Book<N> {
    visit_count: i32,
    notes: N,
}

fn book<N>(notes: N) -> Book<N> {
    Book {
        visit_count: 2,
        notes,
    }
}

/// Asserts that both books have the same document, byte for byte, and that the shared one can be read from it.
#[track_caller]
fn assert_same_document<N, P>(shared: N, plain: P)
where
    N: Serialize + DeserializeOwned + PartialEq + Debug,
    P: Serialize,
{
    let (shared, plain) = (book(shared), book(plain));
    let document = clixml::to_string(&plain).expect("it is written");
    assert_eq!(clixml::to_string(&shared).expect("it is written"), document);
    let read: Book<N> = clixml::from_str(&document).expect("it is read");
    assert_eq!(read, shared);
    // A PowerShell program may have replaced the array by a .NET list.
    let list = document.replace(
        "<T>System.Object[]</T>\n          <T>System.Array</T>",
        "<T>System.Collections.ArrayList</T>",
    );
    let read: Book<N> = clixml::from_str(&list).expect("it is read");
    assert_eq!(read, shared);
}

fn texts(count: usize) -> Vec<String> {
    (0..count)
        .map(|index| format!("note {index} <&> größer"))
        .collect()
}

#[test]
fn a_persistent_vector_has_the_same_snapshot_as_a_vec() {
    // One leaf, one that is just full, and more than one level.
    for count in [0, 1, 2, 32, 33, 1_100] {
        let notes: VectorSync<String> = texts(count).into_iter().collect();
        assert_same_document(notes, texts(count));
    }
}

#[test]
fn a_list_behind_an_arc_has_the_same_snapshot_as_a_vec() {
    for count in [0, 1, 33] {
        assert_same_document(Arc::new(texts(count)), texts(count));
        let slice: Arc<[String]> = texts(count).into();
        assert_same_document(slice, texts(count));
        let shared: Vec<Arc<str>> = texts(count).into_iter().map(Into::into).collect();
        assert_same_document(shared, texts(count));
    }
}

#[test]
fn a_persistent_map_has_the_same_snapshot_as_a_btree_map() {
    for count in [0, 1, 33] {
        let plain: BTreeMap<String, String> = texts(count)
            .into_iter()
            .enumerate()
            .map(|(index, text)| (format!("Key{index:03}"), text))
            .collect();
        let shared: RedBlackTreeMapSync<String, String> = plain.clone().into_iter().collect();
        assert_same_document(shared, plain);
    }
}
