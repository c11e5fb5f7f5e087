//! The schema of a type, if it has one.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::any::type_name;

/// A type and its schema. A type without one is known by its name alone.
#[derive(Debug, Clone, Copy)]
pub struct TypeSchema {
    name: fn() -> &'static str,
    schema: Option<fn(&mut SchemaGenerator) -> Schema>,
}

impl TypeSchema {
    /// Of a type that generated code cannot name.
    pub const UNKNOWN: Self = Self {
        name: || "",
        schema: None,
    };

    pub(crate) const fn of<T: JsonSchema + ?Sized>() -> Self {
        Self {
            name: type_name::<T>,
            schema: Some(SchemaGenerator::subschema_for::<T>),
        }
    }

    pub(super) const fn without<T: ?Sized>() -> Self {
        Self {
            name: type_name::<T>,
            schema: None,
        }
    }

    /// The whole name of the type; empty if nothing is known of it.
    pub(crate) fn name(self) -> &'static str {
        (self.name)()
    }

    /// Its schema; what it consists of is added to the generator.
    pub(crate) fn schema(self, generator: &mut SchemaGenerator) -> Option<Schema> {
        self.schema.map(|schema| schema(generator))
    }
}
