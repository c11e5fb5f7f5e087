//! The rules that a crate's files keep.

use crate::tree::{Edge, Tree};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How a crate is laid out.
pub(crate) struct Layout<'a> {
    /// Its rooms, each a folder, from the bottom to the top.
    pub(crate) rooms: &'a [&'a str],
    /// The files beside `lib.rs`, and itself. They may use every room.
    pub(crate) loose_files: &'a [&'a str],
    /// Folders whose files may use each other, as those of a recursive parser do.
    pub(crate) recursive_folders: &'a [&'a str],
}

/// Everything that breaks a rule, one line each.
pub(crate) fn violations(tree: &Tree, layout: &Layout<'_>) -> Vec<String> {
    let mut found = loose_files(tree, layout);
    found.extend(headers(tree, layout));
    let edges = tree.edges();
    found.extend(upward_uses(&edges, layout));
    found.extend(cycles(&edges, layout));
    found
}

/// No file lies beside `lib.rs` that is not listed, and no folder is not a room.
fn loose_files(tree: &Tree, layout: &Layout<'_>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for file in tree.files.keys() {
        match file.split_once('/') {
            None if !layout.loose_files.contains(&file.as_str()) => {
                found.insert(format!("{file}: lies beside lib.rs and belongs in a room"));
            }
            Some((folder, _)) if !layout.rooms.contains(&folder) => {
                found.insert(format!("{folder}/: is not in the list of rooms"));
            }
            _ => {}
        }
    }
    found.into_iter().collect()
}

/// Each room has a `mod.rs` that says what the room is for.
fn headers(tree: &Tree, layout: &Layout<'_>) -> Vec<String> {
    let has_header = |room: &&&str| {
        let text = tree.files.get(&format!("{room}/mod.rs"));
        text.is_some_and(|text| {
            text.lines()
                .any(|line| line.starts_with("//! ") || line.starts_with("#![doc = "))
        })
    };
    let without = layout.rooms.iter().filter(|room| !has_header(room));
    without
        .map(|room| format!("{room}/mod.rs: lacks a `//!` header that says what the room is for"))
        .collect()
}

/// No file uses a room above its own.
fn upward_uses(edges: &BTreeSet<Edge>, layout: &Layout<'_>) -> Vec<String> {
    let height = |file: &str| {
        let room = file.split_once('/').map(|(room, _)| room);
        let height = room.and_then(|room| layout.rooms.iter().position(|known| *known == room));
        height.unwrap_or(layout.rooms.len())
    };
    let upward = edges
        .iter()
        .filter(|edge| height(&edge.to) > height(&edge.from));
    upward
        .map(|edge| {
            format!(
                "{}:{}: `{}` leads up to {}",
                edge.from, edge.line, edge.path, edge.to
            )
        })
        .collect()
}

/// No two files use each other, directly or round any corner.
fn cycles(edges: &BTreeSet<Edge>, layout: &Layout<'_>) -> Vec<String> {
    // The files of a recursive folder count as one.
    let node = |file: &str| {
        let folder = layout.recursive_folders.iter().find(|folder| {
            file.strip_prefix(**folder)
                .is_some_and(|rest| rest.starts_with('/'))
        });
        folder.map_or_else(|| file.to_owned(), |folder| (*folder).to_owned())
    };
    let mut graph: BTreeMap<String, BTreeMap<String, &Edge>> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| !edge.is_reexport) {
        let (from, to) = (node(&edge.from), node(&edge.to));
        if from != to {
            graph.entry(from).or_default().entry(to).or_insert(edge);
        }
    }
    let mut found = Vec::new();
    let mut reported = BTreeSet::new();
    for start in graph.keys() {
        if reported.contains(start) {
            continue;
        }
        let Some(cycle) = shortest_cycle(&graph, start) else {
            continue;
        };
        let steps: Vec<_> = cycle
            .iter()
            .map(|edge| format!("{}:{}: `{}`", edge.from, edge.line, edge.path))
            .collect();
        reported.extend(cycle.iter().map(|edge| node(&edge.from)));
        found.push(format!("cycle: {}", steps.join(", then ")));
    }
    found
}

/// The shortest way from a node back to itself.
fn shortest_cycle<'e>(
    graph: &BTreeMap<String, BTreeMap<String, &'e Edge>>,
    start: &str,
) -> Option<Vec<&'e Edge>> {
    let mut queue = VecDeque::from([(start, Vec::new())]);
    let mut seen = BTreeSet::new();
    while let Some((node, way)) = queue.pop_front() {
        for (next, edge) in graph.get(node).into_iter().flatten() {
            let mut way = way.clone();
            way.push(*edge);
            if next == start {
                return Some(way);
            }
            if seen.insert(next) {
                queue.push_back((next, way));
            }
        }
    }
    None
}
