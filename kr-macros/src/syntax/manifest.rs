//! The name that `Cargo.toml` gives the runtime: `kr` for `kr = { package = "kr-runtime", … }`.
//!
//! Only the lines that can rename a dependency are read. Where they are written in a way that is not recognized, the name is
//! the usual one, and `crate = ::path` gives another.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

const PACKAGE: &str = "kr-runtime";

/// What was found for a package, and when its manifest was last written. One process may compile several packages, as that of
/// an editor does.
struct Found {
    manifest: PathBuf,
    written: Option<SystemTime>,
    name: Option<String>,
}

static LAST: Mutex<Option<Found>> = Mutex::new(None);

/// The crate name of the runtime in the package that is compiled. `None` if that package does not depend on it: then another
/// crate re-exports it.
pub(crate) fn runtime_name() -> Option<String> {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let manifest = folder.join("Cargo.toml");
    let written = fs::metadata(&manifest)
        .and_then(|file| file.modified())
        .ok();
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match &*last {
        Some(found) if found.manifest == manifest && found.written == written => found.name.clone(),
        _ => {
            let name = find(&folder, &manifest);
            *last = Some(Found {
                manifest,
                written,
                name: name.clone(),
            });
            name
        }
    }
}

fn find(folder: &Path, manifest: &Path) -> Option<String> {
    let manifest = fs::read_to_string(manifest).ok()?;
    let name = name_in(&manifest, || workspace_manifest(folder))?;
    Some(name.replace('-', "_"))
}

/// The manifest of the workspace that a package belongs to.
fn workspace_manifest(folder: &Path) -> Option<String> {
    let manifests = folder.ancestors().map(|folder| folder.join("Cargo.toml"));
    let mut texts = manifests.filter_map(|path| fs::read_to_string(path).ok());
    texts.find(|text| {
        text.lines()
            .any(|line| line.trim().starts_with("[workspace"))
    })
}

/// The name under which a manifest depends on the runtime.
fn name_in(manifest: &str, workspace: impl Fn() -> Option<String>) -> Option<String> {
    let dependencies = dependencies(manifest, is_dependencies);
    let is_runtime = |dependency: &&Dependency| match &dependency.package {
        Some(package) => package == PACKAGE,
        None => dependency.name == PACKAGE,
    };
    if let Some(found) = dependencies.iter().find(is_runtime) {
        return Some(found.name.clone());
    }
    let inherited: Vec<_> = dependencies
        .iter()
        .filter(|found| found.is_inherited)
        .collect();
    if inherited.is_empty() {
        return None;
    }
    let workspace = workspace()?;
    let renamed = self::dependencies(&workspace, |table| table == "workspace.dependencies");
    let renamed = renamed.into_iter().find(|found| is_runtime(&found))?;
    let is_used = inherited.iter().any(|found| found.name == renamed.name);
    is_used.then_some(renamed.name)
}

fn is_dependencies(table: &str) -> bool {
    let last = table.rsplit('.').next();
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    last.is_some_and(|last| kinds.contains(&last)) && table != "workspace.dependencies"
}

#[derive(Default)]
struct Dependency {
    name: String,
    package: Option<String>,
    is_inherited: bool,
}

impl Dependency {
    fn set(&mut self, key: &str, value: &str) {
        match key {
            "package" => self.package = Some(unquoted(value).to_owned()),
            "workspace" => self.is_inherited = value.trim().starts_with("true"),
            _ => {}
        }
    }
}

/// The dependencies in the tables of a manifest that `is_table` accepts.
fn dependencies(manifest: &str, is_table: impl Fn(&str) -> bool) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut table = String::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            line.trim_matches(['[', ']', ' ']).clone_into(&mut table);
            // `[dependencies.kr]`
            if let Some((_, name)) = table.rsplit_once('.').filter(|(table, _)| is_table(table)) {
                found.push(named(name));
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        if is_table(&table) {
            // `kr = { … }`, `kr = "1"` or `kr.workspace = true`
            let (name, member) = key.split_once('.').unwrap_or((key, ""));
            let mut dependency = named(name);
            dependency.set(member.trim(), value);
            if let Some(members) = value.strip_prefix('{') {
                for member in members.split('}').next().unwrap_or_default().split(',') {
                    if let Some((key, value)) = member.split_once('=') {
                        dependency.set(key.trim(), value);
                    }
                }
            }
            found.push(dependency);
        } else if table
            .rsplit_once('.')
            .is_some_and(|(table, _)| is_table(table))
            && let Some(dependency) = found.last_mut()
        {
            dependency.set(key, value);
        }
    }
    found
}

fn named(name: &str) -> Dependency {
    Dependency {
        name: unquoted(name).to_owned(),
        ..Dependency::default()
    }
}

/// A key or a string without its quotes and without a comment behind it.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split(quote).next().unwrap_or_default(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::name_in;

    fn name(manifest: &str) -> Option<String> {
        name_in(manifest, || None)
    }

    #[test]
    fn a_renamed_dependency_is_found_however_it_is_written() {
        for manifest in [
            "[dependencies]\nkr = { package = \"kr-runtime\", version = \"0.1\" }",
            "[dependencies]\nserde = \"1\"\nkr = { version = \"0.1\", features = [\"ws\"], package = \"kr-runtime\" }",
            "[dependencies.kr]\nversion = \"0.1\"\npackage = 'kr-runtime' # ours",
            "[dev-dependencies]\nkr.version = \"0.1\"\n[dependencies]\nkr.package = \"kr-runtime\"",
            "[target.'cfg(unix)'.dependencies]\n\"kr\" = {package=\"kr-runtime\"} # ours",
        ] {
            assert_eq!(name(manifest).as_deref(), Some("kr"), "{manifest}");
        }
    }

    #[test]
    fn the_usual_name_stays() {
        for manifest in [
            "[dependencies]\nkr-runtime = \"0.1\"",
            "[dependencies]\nkr-runtime.workspace = true",
            "[dependencies.kr-runtime]\nversion = \"0.1\"",
        ] {
            assert_eq!(name(manifest).as_deref(), Some("kr-runtime"), "{manifest}");
        }
        for manifest in [
            "",
            "[package]\nname = \"kr\"\npackage = \"kr-runtime\"",
            "[dependencies]\nkr = \"1\"",
            "[features]\nkr = { package = \"kr-runtime\" }",
        ] {
            assert_eq!(name(manifest), None, "{manifest}");
        }
    }

    #[test]
    fn a_workspace_may_rename_it() {
        let workspace = "[workspace]\n[workspace.dependencies]\nkr = { package = \"kr-runtime\", path = \"kr\" }";
        let found = |manifest: &str| name_in(manifest, || Some(workspace.to_owned()));
        for manifest in [
            "[dependencies]\nkr.workspace = true",
            "[dependencies]\nkr = { workspace = true, features = [] }",
            "[dependencies.kr]\nworkspace = true",
        ] {
            assert_eq!(found(manifest).as_deref(), Some("kr"), "{manifest}");
        }
        assert_eq!(found("[dependencies]\nserde.workspace = true"), None);
        assert_eq!(found("[dependencies]\nkr = \"1\""), None);
    }
}
