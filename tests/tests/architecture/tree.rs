//! All modules of a crate, and which file a path leads to.

use crate::source::{self, Import, Path, Source};
use std::collections::{BTreeMap, BTreeSet};

/// A module's path from the root of the crate.
type ModulePath = Vec<String>;

/// How many re-exports a path may go through. Only a circle of them takes more.
const MAX_DEPTH: usize = 16;

/// A use of one file by another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) from: String,
    pub(crate) line: usize,
    /// As it is written.
    pub(crate) path: String,
    pub(crate) to: String,
    /// Whether the file re-exports the item and does not use it otherwise.
    pub(crate) is_reexport: bool,
}

pub(crate) struct Tree {
    /// The text of each file without those of tests, by its path in the source folder.
    pub(crate) files: BTreeMap<String, String>,
    modules: BTreeMap<ModulePath, Module>,
}

struct Module {
    file: String,
    source: Source,
}

/// What a path leads to.
enum Target {
    Module(ModulePath),
    /// An item that the module defines.
    Item(ModulePath),
}

impl Tree {
    pub(crate) fn new(files: BTreeMap<String, String>) -> Self {
        let mut tree = Self {
            files,
            modules: BTreeMap::new(),
        };
        let mut renamed = Vec::new();
        let mut test_modules = BTreeSet::new();
        for (file, text) in &tree.files {
            let path = module_path(file);
            let source = source::parse(text);
            for (name, file) in &source.renamed {
                renamed.push((module_path(file), child(&path, name)));
            }
            for name in &source.test_modules {
                test_modules.insert(child(&path, name));
            }
            add(&mut tree.modules, path, file, source);
        }
        for (path, name) in renamed {
            if let Some(module) = tree.modules.remove(&path) {
                tree.modules.insert(name, module);
            }
        }
        let is_of_tests = |path: &[String]| test_modules.iter().any(|test| path.starts_with(test));
        tree.modules.retain(|path, _| !is_of_tests(path));
        tree.files
            .retain(|file, _| !is_of_tests(&module_path(file)));
        tree
    }

    /// Every use of one file by another, in order.
    pub(crate) fn edges(&self) -> BTreeSet<Edge> {
        let mut edges = BTreeSet::new();
        for (path, module) in &self.modules {
            for import in &module.source.imports {
                // What a glob imports is found where the code names it.
                if import.name.is_some() {
                    self.add_edge(path, &import.path, import.is_reexport, &mut edges);
                }
            }
            for mention in &module.source.mentions {
                if !self.is_imported_item(path, &mention.segments[0]) {
                    self.add_edge(path, mention, false, &mut edges);
                }
            }
        }
        edges
    }

    /// Whether a `use` brings an item of that name into a module, for the module itself: that is an edge already.
    fn is_imported_item(&self, at: &[String], name: &str) -> bool {
        let mut imports = self.modules[at].source.imports.iter();
        let import = imports.find(|import| import.name.as_deref() == Some(name));
        import.is_some_and(|import| {
            let target = self.resolve(at, &import.path.segments, 0);
            !import.is_reexport && matches!(target, Some(Target::Item(_)))
        })
    }

    fn add_edge(&self, at: &[String], path: &Path, is_reexport: bool, edges: &mut BTreeSet<Edge>) {
        // A whole module is used where the code names something in it.
        let Some(Target::Item(module)) = self.resolve(at, &path.segments, 0) else {
            return;
        };
        let from = &self.modules[at].file;
        let to = &self.modules[&module].file;
        if from != to {
            edges.insert(Edge {
                from: from.clone(),
                line: path.line,
                path: path.segments.join("::"),
                to: to.clone(),
                is_reexport,
            });
        }
    }

    /// Follows a path that stands in a module. `None` if it leads out of the crate, or is no path at all.
    fn resolve(&self, at: &[String], segments: &[String], depth: usize) -> Option<Target> {
        if depth > MAX_DEPTH {
            return None;
        }
        let (first, mut rest) = segments.split_first()?;
        let mut module = match first.as_str() {
            "crate" => ModulePath::new(),
            "self" if !rest.is_empty() => at.to_vec(),
            "super" => at.split_last()?.1.to_vec(),
            name => match self.lookup(at, name, depth)? {
                Target::Module(module) => module,
                item => return Some(item),
            },
        };
        while let Some((first, others)) = rest.split_first() {
            rest = others;
            if first == "super" {
                module.pop()?;
                continue;
            }
            match self.lookup(&module, first, depth) {
                Some(Target::Module(inner)) => module = inner,
                Some(item) => return Some(item),
                // A name that a macro defines, or that is re-exported from another crate.
                None => return Some(Target::Item(module)),
            }
        }
        Some(Target::Module(module))
    }

    /// Finds a name in a module: a child, an item, or an import.
    fn lookup(&self, at: &[String], name: &str, depth: usize) -> Option<Target> {
        let inner = child(at, name);
        if self.modules.contains_key(&inner) {
            return Some(Target::Module(inner));
        }
        let source = &self.modules.get(at)?.source;
        if source.defined.contains(name) {
            return Some(Target::Item(at.to_vec()));
        }
        let (globs, named): (Vec<&Import>, Vec<&Import>) = source
            .imports
            .iter()
            .partition(|import| import.name.is_none());
        let mut named = named.into_iter();
        if let Some(import) = named.find(|import| import.name.as_deref() == Some(name)) {
            let segments = &import.path.segments;
            // `use name;` imports another crate, not itself.
            let is_itself = segments.len() == 1 && segments[0] == name;
            return if is_itself {
                None
            } else {
                self.resolve(at, segments, depth + 1)
            };
        }
        globs.into_iter().find_map(|glob| {
            match self.resolve(at, &glob.path.segments, depth + 1)? {
                Target::Module(module) if module != at && depth < MAX_DEPTH => {
                    self.lookup(&module, name, depth + 1)
                }
                _ => None,
            }
        })
    }
}

fn add(modules: &mut BTreeMap<ModulePath, Module>, path: ModulePath, file: &str, source: Source) {
    let mut source = source;
    for (name, inner) in std::mem::take(&mut source.modules) {
        add(modules, child(&path, &name), file, inner);
    }
    let file = file.to_owned();
    modules.insert(path, Module { file, source });
}

fn child(path: &[String], name: &str) -> ModulePath {
    let mut child = path.to_vec();
    child.push(name.to_owned());
    child
}

/// The module in a file: `a/b.rs` and `a/b/mod.rs` are `a::b`, and `lib.rs` is the root.
fn module_path(file: &str) -> ModulePath {
    let path = file.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    match path {
        "lib" => ModulePath::new(),
        path => path.split('/').map(str::to_owned).collect(),
    }
}
