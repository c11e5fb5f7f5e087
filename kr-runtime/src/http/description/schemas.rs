//! The schemas of kr's own types.

use crate::clixml::value::timestamp::Timestamp;
use crate::http::problem::Problem;
use crate::snapshot::Snapshot;
use crate::store::Counter;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// Implements the trait for a type of which each use has the whole schema.
macro_rules! inline_schema {
    ($ty:ty $(, $generic:ident)?: $name:literal, $schema:tt) => {
        impl$(<$generic>)? JsonSchema for $ty {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

inline_schema!(Timestamp: "Timestamp", {"type": "string", "format": "date-time"});
inline_schema!(Counter: "Counter", {"type": "integer", "format": "int64"});
inline_schema!(Snapshot<S>, S: "Snapshot", {
    "type": "string",
    "contentMediaType": "application/xml",
    "description": "CLIXML, as PowerShell's `PSSerializer` reads and writes it."
});

impl JsonSchema for Problem {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Problem")
    }

    fn schema_id() -> Cow<'static, str> {
        Cow::Borrowed("kr_runtime::Problem")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "What went wrong (RFC 9457).",
            "properties": {
                "type": {"type": "string", "format": "uri-reference"},
                "title": {"type": "string", "description": "What the status means."},
                "status": {"type": "integer", "minimum": 100, "maximum": 599},
                "detail": {"type": "string", "description": "What was wrong, and what to do."},
                "error": {"type": "string", "description": "The same as `detail`."}
            },
            "required": ["type", "title", "status", "detail", "error"]
        })
    }
}
