//! The store that an application chooses.

use super::engine::{Engine, Reader};
use super::journal::Journal;
use super::memory_budget::MemoryBudget;
use super::read_threads::ReadThreads;
#[cfg(feature = "postgres")]
use super::responses::KeptElsewhere;
use super::responses::Responses;
#[cfg(feature = "postgres")]
use super::shared::SharedStore;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Where the committed values of an application live.
///
/// | | values live | answered means |
/// |---|---|---|
/// | [`Store::memory`] | in the process, and are gone with it | committed |
/// | [`Store::open`] | in a file that this process owns | written to the disk with `fdatasync` |
/// | [`Store::connect`] | in PostgreSQL, shared by any number of processes | committed by the server |
///
/// One line in `main` decides, and no handler changes:
///
/// ```no_run
/// use kr_runtime::Store;
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone, Serialize, Deserialize, SharedState)]
/// #[shared_state(lock = "visits")]
/// struct Visits(u64);
///
/// #[derive(Host)]
/// struct Site {
///     visits: Shared<Visits>,
/// }
///
/// # fn main() -> kr_runtime::Result<()> {
/// let site = Site { visits: Shared::new(Visits(0)) };
/// let app = App::new("Site", site).store(Store::open("site.kr")?);
/// # Ok(())
/// # }
/// ```
///
/// `K` is [`Durable`] if values have to be written and read: the compiler then asks that every state of the host is
/// `Serialize` and `Deserialize`, or `transient`. It is [`Volatile`] for a store in memory, which takes any type.
pub struct Store<K = Durable> {
    /// What writes commits and reads them again; none if they are durable at once.
    core: Option<Arc<StoreCore>>,
    /// Those that are kept with their commits.
    responses: Arc<Responses>,
    kind: PhantomData<fn() -> K>,
}

/// The kind of a [`Store`] that writes values and reads them again.
#[derive(Debug, Clone, Copy)]
pub struct Durable;

/// The kind of a [`Store`] in memory.
#[derive(Debug, Clone, Copy)]
pub struct Volatile;

/// What writes commits, and reads them again.
pub(crate) struct StoreCore {
    /// Where commits wait to be written.
    pub(crate) journal: Arc<Journal>,
    /// What reads them again, if anything does.
    pub(crate) reading: Option<Reading>,
    name: String,
}

impl StoreCore {
    /// What it is, for messages: the path of its file.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// What reads the rows of a store.
pub(crate) struct Reading {
    pub(super) reader: Arc<dyn Reader>,
    pub(super) threads: ReadThreads,
    pub(crate) budget: MemoryBudget,
}

impl Store<Volatile> {
    /// Values live in the memory of the process, and are gone when it ends. A commit is durable at once and never fails.
    ///
    /// This is also what an application has that chooses none.
    ///
    /// ```
    /// use kr_runtime::Store;
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    ///
    /// let app = App::new("Empty", Empty {}).store(Store::memory());
    /// ```
    #[must_use]
    pub fn memory() -> Self {
        Self {
            core: None,
            responses: Arc::default(),
            kind: PhantomData,
        }
    }

    /// A store of your own making, which is never read. What an engine has to do may change in any release.
    ///
    /// # Panics
    /// If the system gives no thread for it.
    #[doc(hidden)]
    #[must_use]
    pub fn with_engine(engine: impl Engine) -> Self {
        Self::of_engine(engine, "engine".to_owned())
    }
}

impl Store<Durable> {
    /// A store of your own making. What an engine has to do may change in any release.
    ///
    /// # Panics
    /// If the system gives no thread for it.
    #[doc(hidden)]
    #[must_use]
    pub fn with_durable_engine(engine: impl Engine) -> Self {
        Self::of_engine(engine, "engine".to_owned())
    }

    /// As [`Store::memory`], for programs that decide when they start.
    pub(super) fn in_memory() -> Self {
        Self {
            core: None,
            responses: Arc::default(),
            kind: PhantomData,
        }
    }
}

impl<K> Store<K> {
    pub(super) fn of_engine(mut engine: impl Engine, name: String) -> Self {
        let responses = Responses::of(engine.kept_responses());
        let reading = engine.reader().map(|reader| Reading {
            reader,
            threads: ReadThreads::start(),
            budget: MemoryBudget::default(),
        });
        let core = StoreCore {
            journal: Journal::start(engine),
            reading,
            name,
        };
        Self {
            core: Some(Arc::new(core)),
            responses,
            kind: PhantomData,
        }
    }

    /// A store that other processes use as well.
    #[cfg(feature = "postgres")]
    pub(super) fn of_shared(
        store: Arc<dyn SharedStore>,
        responses: Arc<dyn KeptElsewhere>,
        reader: Arc<dyn Reader>,
        epoch: u64,
        name: String,
    ) -> Self {
        let responses = Responses::of_shared(responses);
        let core = StoreCore {
            journal: Journal::of_shared(store, Arc::clone(&reader), epoch),
            reading: Some(Reading {
                reader,
                threads: ReadThreads::start(),
                budget: MemoryBudget::default(),
            }),
            name,
        };
        Self {
            core: Some(Arc::new(core)),
            responses,
            kind: PhantomData,
        }
    }

    /// What writes commits; `None` if they are durable at once.
    pub(crate) fn core(&self) -> Option<&Arc<StoreCore>> {
        self.core.as_ref()
    }

    /// The responses that are kept with their commits.
    pub(crate) fn responses(&self) -> &Arc<Responses> {
        &self.responses
    }

    /// Waits until every commit so far is durable, or dropped.
    pub(crate) async fn flush(&self) {
        if let Some(core) = &self.core {
            core.journal.flush().await;
        }
    }

    /// The same store, whatever it asks of types.
    pub(crate) fn erased(self) -> Store<Volatile> {
        Store {
            core: self.core,
            responses: self.responses,
            kind: PhantomData,
        }
    }
}

impl<K> Clone for Store<K> {
    fn clone(&self) -> Self {
        Self {
            core: self.core.clone(),
            responses: Arc::clone(&self.responses),
            kind: PhantomData,
        }
    }
}

impl Default for Store<Volatile> {
    fn default() -> Self {
        Self::memory()
    }
}

impl<K> fmt::Debug for Store<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.core.as_ref().map_or("memory", |core| &core.name);
        write!(f, "Store({name})")
    }
}
