//! The normalised name of a lock.

use std::fmt;
use std::sync::Arc;

/// A lock's name: trimmed, and compared without case, as Kestrun's lock registry does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(Arc<str>);

impl Key {
    /// Normalises `name`; `None` if nothing is left of it.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let name = name.trim();
        (!name.is_empty()).then(|| Self(name.to_lowercase().into()))
    }

    /// A name that is normal already.
    pub(super) fn normal(name: String) -> Self {
        Self(name.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a lock that nobody can use any more, because what it was a part of is gone.
impl Default for Key {
    fn default() -> Self {
        Self("".into())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn spaces_around_and_case_do_not_make_another_lock() {
        assert_eq!(Key::new(" Bike-State "), Key::new("bike-state"));
        assert_ne!(Key::new("bike-state"), Key::new("bike_state"));
    }

    #[test]
    fn a_blank_name_is_no_key() {
        assert_eq!(Key::new(" \t"), None);
    }
}
