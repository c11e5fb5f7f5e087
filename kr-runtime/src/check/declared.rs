//! What types and handlers declare, for the checks.

/// A borrowed state, as its type declares it.
pub struct BorrowedState {
    /// Its name.
    pub name: &'static str,
    /// The key of its lock, as written.
    pub lock: &'static str,
    /// Tells types of the same name apart.
    pub id: &'static str,
    /// Whether it is a shared state at all. What is not is reported elsewhere.
    pub is_state: bool,
}

/// The declaration of a borrowed type that may be the host. The host is guarded by no lock, which is no mistake to be
/// reported elsewhere.
#[must_use]
pub const fn or_host(declaration: BorrowedState, is_host: bool) -> BorrowedState {
    BorrowedState {
        is_state: declaration.is_state || is_host,
        ..declaration
    }
}

/// The locks that a handler declares.
pub struct DeclaredLocks {
    /// The handler's name.
    pub handler: &'static str,
    /// The keys in `#[locked]`, as written.
    pub keys: &'static [&'static str],
    /// How many states the handler borrows.
    pub states: usize,
    /// The argument that the key is given for, if it is given for one.
    pub argument: &'static str,
}

/// Stands for the number of the key of a state whose lock the handler does not name.
pub const NOT_LOCKED: usize = 99;
