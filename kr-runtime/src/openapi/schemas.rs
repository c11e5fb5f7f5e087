//! The schemas of all types that requests and responses consist of.
//!
//! Requests and responses are apart: a field with a default need not be sent, and is always there in a response. Until the end,
//! their schemas are referred to as `#/requests/…` and `#/responses/…`.

use super::names::names;
use super::references::{each, last_segment};
use crate::http::TypeSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a value is read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Request,
    Response,
}

impl Side {
    fn path(self) -> &'static str {
        match self {
            Self::Request => "/requests/",
            Self::Response => "/responses/",
        }
    }

    /// Of a reference that is not final.
    fn of(reference: &str) -> Option<Self> {
        let sides = [Self::Request, Self::Response];
        let path = reference.strip_prefix('#')?;
        sides.into_iter().find(|side| path.starts_with(side.path()))
    }
}

/// The schemas of all types so far.
pub(super) struct Schemas {
    requests: SchemaGenerator,
    responses: SchemaGenerator,
}

/// A schema on its side, by the name that it has there.
type Local = (Side, String);

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = |side: Side| {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = side.path().into();
                settings.meta_schema = None;
            })
        };
        Self {
            requests: settings(Side::Request).for_deserialize().into_generator(),
            responses: settings(Side::Response).for_serialize().into_generator(),
        }
    }

    fn generator(&mut self, side: Side) -> &mut SchemaGenerator {
        match side {
            Side::Request => &mut self.requests,
            Side::Response => &mut self.responses,
        }
    }

    /// The schema of a type, or a reference to it. `None` if the type has none.
    pub(super) fn of(&mut self, side: Side, ty: TypeSchema) -> Option<Value> {
        let schema = ty.schema(self.generator(side))?;
        Some(bounded(schema))
    }

    /// What a schema refers to, if it is a reference.
    pub(super) fn resolved(&mut self, side: Side, schema: &Value) -> Value {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let name = reference.map(last_segment);
        let definition = name.and_then(|name| self.generator(side).definitions().get(&name));
        match definition.cloned().and_then(|it| Schema::try_from(it).ok()) {
            Some(definition) => bounded(definition),
            None => schema.clone(),
        }
    }

    /// Gives every schema its name, and adds those to the document that it refers to.
    pub(super) fn finish(mut self, document: &mut Value) {
        let ids = self.ids();
        let mut definitions = BTreeMap::new();
        for side in [Side::Request, Side::Response] {
            for (name, schema) in self.generator(side).take_definitions(true) {
                let schema = Schema::try_from(schema).map_or(Value::Bool(true), bounded);
                definitions.insert((side, name), schema);
            }
        }
        let used = used(document, &definitions);
        definitions.retain(|local, _| used.contains(local));
        let id = |local: &Local| ids.get(local).unwrap_or(&local.1).clone();
        let two = in_two_shapes(&definitions, &id);
        let names = names(&definitions.keys().map(&id).collect());
        let name = |local: &Local| {
            let id = id(local);
            match two.contains(&id) && local.0 == Side::Request {
                true => format!("{}-Input", names[&id]),
                false => names[&id].clone(),
            }
        };
        let mut rename = |reference: &mut String| {
            if let Some(local) = local(reference) {
                *reference = format!("#/components/schemas/{}", name(&local));
            }
        };
        each(document, &mut rename);
        let mut components = Map::new();
        for (local, mut schema) in definitions {
            each(&mut schema, &mut rename);
            components.insert(name(&local), schema);
        }
        if !components.is_empty() {
            document["components"] = json!({ "schemas": components });
        }
    }

    /// The whole path of the type of each schema. The generators keep them to themselves, and show them for debugging alone;
    /// should they not, two types of one name are numbered.
    fn ids(&self) -> BTreeMap<Local, String> {
        let mut ids = BTreeMap::new();
        for (side, generator) in [
            (Side::Request, &self.requests),
            (Side::Response, &self.responses),
        ] {
            let shown = format!("{generator:?}");
            let list = shown.split_once("schema_id_to_name: {");
            let entries = list
                .map_or("", |(_, list)| list)
                .split("SchemaUid(\"")
                .skip(1);
            for entry in entries {
                let Some((id, rest)) = entry.split_once('"') else {
                    continue;
                };
                let name = rest
                    .split_once("): \"")
                    .and_then(|(_, rest)| rest.split_once('"'));
                if let Some((name, _)) = name {
                    ids.insert((side, name.to_owned()), id.to_owned());
                }
            }
        }
        ids
    }
}

/// The definition that a reference leads to.
fn local(reference: &str) -> Option<Local> {
    Side::of(reference).map(|side| (side, last_segment(reference)))
}

/// Everything that a document refers to.
fn used(document: &mut Value, definitions: &BTreeMap<Local, Value>) -> BTreeSet<Local> {
    let mut used = BTreeSet::new();
    let mut open = Vec::new();
    each(document, &mut |reference| open.extend(local(reference)));
    while let Some(next) = open.pop() {
        if used.insert(next.clone())
            && let Some(definition) = definitions.get(&next)
        {
            let collect = &mut |reference: &mut String| open.extend(local(reference));
            each(&mut definition.clone(), collect);
        }
    }
    used
}

/// The types that are read in another shape than they are written, or consist of such.
fn in_two_shapes(
    definitions: &BTreeMap<Local, Value>,
    id: &dyn Fn(&Local) -> String,
) -> BTreeSet<String> {
    let mut sides: BTreeMap<String, Vec<&Local>> = BTreeMap::new();
    for local in definitions.keys() {
        sides.entry(id(local)).or_default().push(local);
    }
    let mut different = BTreeSet::new();
    loop {
        // What a schema refers to is the same on both sides unless it is known to differ.
        let comparable = |at: &Local| {
            let mut schema = definitions[at].clone();
            each(&mut schema, &mut |reference| {
                if let Some(local) = local(reference) {
                    let id = id(&local);
                    *reference = match different.contains(&id) {
                        true => format!("{:?} {id}", local.0),
                        false => id,
                    };
                }
            });
            schema
        };
        let found: Vec<String> = sides
            .iter()
            .filter(|(id, _)| !different.contains(*id))
            .filter(|(_, locals)| match locals.as_slice() {
                [one, other] => comparable(one) != comparable(other),
                _ => false,
            })
            .map(|(id, _)| id.clone())
            .collect();
        if found.is_empty() {
            return different;
        }
        different.extend(found);
    }
}

/// The schema with the bounds of its integers, which schemars leaves to their format.
fn bounded(mut schema: Schema) -> Value {
    let mut bound = RecursiveTransform(|schema: &mut Schema| {
        let format = schema.get("format").and_then(Value::as_str);
        let (minimum, maximum) = match format {
            Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
            Some("int64" | "int") => (json!(i64::MIN), json!(i64::MAX)),
            Some("uint32") => (json!(0), json!(u32::MAX)),
            Some("uint64" | "uint") => (json!(0), json!(u64::MAX)),
            _ => return,
        };
        for (name, bound) in [("minimum", minimum), ("maximum", maximum)] {
            if schema.get(name).is_none() {
                schema.insert(name.to_owned(), bound);
            }
        }
    });
    bound.transform(&mut schema);
    schema.to_value()
}
