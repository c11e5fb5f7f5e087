//! The folder in which an application resolves relative snapshot paths.

use futures_util::future::Either;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

tokio::task_local! {
    /// Of the application whose code runs, if it has one.
    static CURRENT: Option<SnapshotRoot>;
}

/// What code that belongs to no application takes for its root.
static PROCESS: Mutex<Process> = Mutex::new(Process::NoApp);

/// Whether any application has a root. As long as none has, no request pays for it.
static HAS_ROOTS: AtomicBool = AtomicBool::new(false);

enum Process {
    NoApp,
    /// All applications have this one, or none.
    Same(Option<SnapshotRoot>),
    Different,
}

/// The folder of relative snapshot paths of one application; [`App::snapshot_root`](crate::App::snapshot_root) hands it out.
///
/// An application's handlers, background tasks and `on_stop` functions have it already, as do the tasks that they start with
/// [`kr_runtime::spawn`](crate::spawn). Threads and tasks that are started otherwise do not; they take it along.
///
/// ```
/// use kr_runtime::Snapshot;
/// # use kr_runtime::prelude::*;
/// # #[derive(Host)]
/// # struct Empty {}
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("kr-doc-scope-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let app = App::new("Backup", Empty {}).root(&folder);
/// let root = app.snapshot_root().expect("it is set");
/// let saved = std::thread::spawn(move || {
///     root.enter(|| Snapshot::new(&3).write_to("count.xml"))
/// });
/// saved.join().expect("no panic")?;
/// assert!(folder.join("count.xml").exists());
/// # std::fs::remove_dir_all(folder)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotRoot(Arc<Path>);

impl SnapshotRoot {
    pub(crate) fn new(root: &Path) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        HAS_ROOTS.store(true, Relaxed);
        Self(root.into())
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Runs a function whose relative snapshot paths are in this folder.
    pub fn enter<T>(&self, function: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(Some(self.clone()), function)
    }

    /// The future, with its relative snapshot paths in this folder.
    pub fn scope<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        CURRENT.scope(Some(self.clone()), future)
    }
}

/// An application is built: code that belongs to no application has its root, unless another one has a different root.
pub(crate) fn register_root(root: Option<&SnapshotRoot>) {
    let mut process = PROCESS.lock().unwrap_or_else(PoisonError::into_inner);
    match &*process {
        Process::NoApp => *process = Process::Same(root.cloned()),
        Process::Same(known) if known.as_ref() == root => {}
        _ => *process = Process::Different,
    }
}

/// Whether any application has a root.
pub(crate) fn has_roots() -> bool {
    HAS_ROOTS.load(Relaxed)
}

/// The future as code of an application with this root.
pub(crate) fn within<F: Future>(
    root: Option<SnapshotRoot>,
    future: F,
) -> impl Future<Output = F::Output> + use<F> {
    match has_roots() {
        true => Either::Left(CURRENT.scope(root, future)),
        false => Either::Right(future),
    }
}

/// The future as code of the application that calls this, for another task.
pub(crate) fn inherit<F: Future>(future: F) -> impl Future<Output = F::Output> + use<F> {
    let current = has_roots().then(|| CURRENT.try_with(Clone::clone).ok());
    match current.flatten() {
        Some(root) => Either::Left(CURRENT.scope(root, future)),
        None => Either::Right(future),
    }
}

/// The function as code of the application that calls this, for another thread.
pub(crate) fn inherit_in_thread<T>(function: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let current = has_roots().then(|| CURRENT.try_with(Clone::clone).ok());
    move || match current.flatten() {
        Some(root) => CURRENT.sync_scope(root, function),
        None => function(),
    }
}

/// Describes what is wrong with a root, if anything.
pub(crate) fn root_error(root: &Path) -> Option<String> {
    let shown = root.display();
    match fs::metadata(root) {
        Ok(found) if found.is_dir() => None,
        Ok(_) => Some(format!(
            "the root `{shown}` is not a folder; name the folder for snapshot files"
        )),
        Err(error) => Some(format!(
            "the root `{shown}` cannot be used ({error}); create the folder or name another"
        )),
    }
}

/// Where a path of a snapshot file leads.
pub(super) fn resolve(path: &Path) -> io::Result<PathBuf> {
    if !has_roots() || path.is_absolute() {
        return Ok(path.to_owned());
    }
    let join = |root: &Option<SnapshotRoot>| match root {
        Some(root) => root.0.join(path),
        None => path.to_owned(),
    };
    if let Ok(resolved) = CURRENT.try_with(join) {
        return Ok(resolved);
    }
    match &*PROCESS.lock().unwrap_or_else(PoisonError::into_inner) {
        Process::NoApp => Ok(path.to_owned()),
        Process::Same(root) => Ok(join(root)),
        Process::Different => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the applications of this process have different roots, and this code belongs to none of them; use \
             `App::snapshot_root`, or an absolute path",
        )),
    }
}
