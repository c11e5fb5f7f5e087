//! The store that an environment variable names.

use super::{Durable, Store, StoreError};

/// The variable.
const VARIABLE: &str = "KR_STORE";

impl Store<Durable> {
    /// The store that the environment variable `KR_STORE` names:
    ///
    /// | value | store |
    /// |---|---|
    /// | not set, or `memory` | [`Store::memory`] |
    /// | `file:bank.kr` | [`Store::open`], feature `file` |
    /// | `file:bank.kr?existing` | the same, and a file that is not there is an error |
    /// | `postgres://user@host/database` | [`Store::connect`], feature `postgres` |
    ///
    /// # Errors
    /// [`StoreError`] if the variable names no store, or the store cannot be opened.
    pub fn from_env() -> Result<Self, StoreError> {
        let value = match std::env::var(VARIABLE) {
            Ok(value) => value,
            Err(std::env::VarError::NotPresent) => return Ok(Self::in_memory()),
            Err(std::env::VarError::NotUnicode(value)) => {
                return Err(wrong(&value.to_string_lossy(), "it is not UTF-8"));
            }
        };
        Self::from_name(value.trim())
    }

    /// The store of that name, as [`from_env`](Self::from_env) reads it.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_name(name: &str) -> Result<Self, StoreError> {
        match name.split_once(':') {
            None if name == "memory" || name.is_empty() => Ok(Self::in_memory()),
            Some(("file", path)) => open_file(name, path),
            Some(("postgres" | "postgresql", _)) => connect(name),
            _ => Err(wrong(
                name,
                "write `memory`, `file:bank.kr` or `postgres://user@host/database`",
            )),
        }
    }
}

#[cfg(feature = "file")]
fn open_file(name: &str, path: &str) -> Result<Store<Durable>, StoreError> {
    let (path, options) = match path.split_once('?') {
        None => (path, super::FileOptions::new()),
        Some((path, "existing")) => (path, super::FileOptions::new().existing()),
        Some(_) => return Err(wrong(name, "only `existing` may follow the `?`")),
    };
    if path.is_empty() {
        return Err(wrong(name, "the path is missing; write `file:bank.kr`"));
    }
    options.open(path)
}

#[cfg(not(feature = "file"))]
fn open_file(name: &str, _: &str) -> Result<Store<Durable>, StoreError> {
    Err(wrong(
        name,
        "this program was built without the feature `file` of kr-runtime; add it",
    ))
}

#[cfg(feature = "postgres")]
fn connect(url: &str) -> Result<Store<Durable>, StoreError> {
    Store::connect(url)
}

#[cfg(not(feature = "postgres"))]
fn connect(url: &str) -> Result<Store<Durable>, StoreError> {
    Err(wrong(
        url,
        "this program was built without the feature `postgres` of kr-runtime; add it",
    ))
}

fn wrong(value: &str, reason: &str) -> StoreError {
    // What follows the scheme may be a password.
    let value = match value.split_once("://") {
        Some((scheme, _)) => &format!("{scheme}://…"),
        None => value,
    };
    StoreError::Variable {
        variable: VARIABLE,
        value: value.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_none_says_what_to_write() {
        for (name, expected) in [
            ("redis://x:secret@y", "write `memory`, `file:bank.kr` or"),
            ("bank.kr", "write `memory`, `file:bank.kr` or"),
            #[cfg(not(feature = "postgres"))]
            ("postgres://x:secret@y", "built without the feature"),
        ] {
            let error = Store::from_name(name).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
        assert!(Store::from_name("memory").is_ok());
    }
}
