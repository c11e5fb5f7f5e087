//! The document as a whole.

use super::api::{Api, DescribedRoute};
use super::missing::{AllMissing, Missing};
use super::operation::operation;
use super::parameters::path;
use super::schemas::Schemas;
use crate::check::Method;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The document, and a sentence for each type that it says nothing about.
pub(crate) fn document(api: &Api<'_>, mut routes: Vec<DescribedRoute<'_>>) -> (Value, Vec<String>) {
    // Nothing may depend on the order in which they were mounted.
    routes.sort_by_key(|route| (route.info.path, route.info.method.as_str()));
    // OpenAPI has no name for it.
    routes.retain(|route| route.info.method != Method::Connect);
    let ids = operation_ids(&routes);
    let (mut schemas, mut missing) = (Schemas::new(), AllMissing::default());
    let mut paths = Map::new();
    for (route, id) in routes.iter().zip(ids) {
        let mut missing = Missing {
            handler: route.info,
            all: &mut missing,
        };
        let (path, captures) = path(route.info.path);
        let operation = operation(route, id, &captures, api, &mut schemas, &mut missing);
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        methods[route.info.method.as_str().to_lowercase()] = operation;
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": info(api),
        "paths": paths,
    });
    let servers = api.settings.servers.iter();
    let servers: Vec<Value> = servers.map(|url| json!({ "url": url })).collect();
    if !servers.is_empty() {
        document["servers"] = Value::Array(servers);
    }
    let tags = routes.iter().flat_map(|route| route.description.tags);
    let tags: BTreeSet<&str> = tags.copied().collect();
    if !tags.is_empty() {
        let tags = tags.iter().map(|tag| json!({ "name": tag }));
        document["tags"] = tags.collect();
    }
    schemas.finish(&mut document);
    (document, missing.sentences())
}

fn info(api: &Api<'_>) -> Value {
    let mut info = json!({ "title": api.title, "version": api.settings.version });
    if let Some(description) = &api.settings.description {
        info["description"] = json!(description);
    }
    info
}

/// The name of each handler; with its method and path where several have one name.
fn operation_ids(routes: &[DescribedRoute<'_>]) -> Vec<String> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for route in routes {
        *count.entry(route.info.handler).or_default() += 1;
    }
    let ids = routes.iter().map(|DescribedRoute { info, .. }| {
        if count[info.handler] == 1 {
            return info.handler.to_owned();
        }
        let words = info.path.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let method = info.method.as_str().to_lowercase();
        [info.handler, &method, &words.join("_")].join("_")
    });
    let mut ids: Vec<String> = ids.collect();
    // Paths may differ in signs alone.
    let mut taken = BTreeSet::new();
    for id in &mut ids {
        let first = id.clone();
        let mut number = 2;
        while !taken.insert(id.clone()) {
            *id = format!("{first}_{number}");
            number += 1;
        }
    }
    ids
}
