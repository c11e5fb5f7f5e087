//! An application that forgets its tasks, its layers, its stop or its clients.

use super::{Edit, Mutation};
use crate::source::{BACKGROUND_TASK, ROUTER, SERVICE, STOP_HOOKS, STOP_TOKEN};

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
    Mutation {
        name: "stop-of-which-nobody-hears",
        edits: &[Edit {
            file: STOP_TOKEN,
            find: "        self.0.cancel();\n",
            replace: "        let _ = &self.0;\n",
        }],
        // They wait for ever.
        caught_by: &[
            "app streams::event_streams_of_handlers_and_merged_routers_end_at_the_stop",
            "app tasks::a_task_works_on_the_host_and_is_told_of_the_stop",
        ],
    },
    Mutation {
        name: "stop-without-its-functions",
        edits: &[Edit {
            file: STOP_HOOKS,
            find: "            hooks.await;\n",
            replace: "            drop(hooks);\n",
        }],
        caught_by: &["app root::the_code_of_each_application_has_its_root"],
    },
    Mutation {
        name: "client-without-its-address",
        edits: &[Edit {
            file: SERVICE,
            find: "if self.shared.has_connect_info {",
            replace: "if self.shared.has_connect_info && self.client.port() == 0 {",
        }],
        caught_by: &["app connections::handlers_layers_and_routers_know_the_address_of_the_client"],
    },
];
