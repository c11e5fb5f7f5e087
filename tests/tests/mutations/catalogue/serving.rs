//! An application that forgets its tasks or its layers.

use super::{Edit, Mutation};
use crate::source::{BACKGROUND_TASK, ROUTER};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "task-that-panicked-stays-away",
        edits: &[Edit {
            file: BACKGROUND_TASK,
            find: "            if stop.is_requested() {
                log::error!",
            replace: "            if pause >= FIRST_PAUSE {
                log::error!",
        }],
        caught_by: &["app tasks::a_task_that_panics_starts_again_after_a_growing_pause"],
    },
    Mutation {
        name: "route-beside-its-layer",
        edits: &[Edit {
            file: ROUTER,
            find: "let has_layers = self.has_layers || !layers.is_empty();",
            replace: "let has_layers = self.has_layers;",
        }],
        caught_by: &["app layers::a_layer_of_a_group_is_around_no_other_handler"],
    },
];
