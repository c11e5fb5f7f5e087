//! What the compiler says where the store in a file is asked for and the feature for it is not on.

use super::{Durable, Store, StoreError};
use std::path::Path;

/// A path, where there is a store in a file. Nothing is one.
#[diagnostic::on_unimplemented(
    message = "`Store::open` needs the feature `file` of kr-runtime",
    label = "there is no store in a file without it",
    note = "write `kr-runtime = {{ version = \"…\", features = [\"file\"] }}` in Cargo.toml"
)]
#[doc(hidden)]
pub trait FeatureFile {
    #[doc(hidden)]
    fn open(self) -> Result<Store<Durable>, StoreError>;
}

impl Store<Durable> {
    /// ```compile_fail,E0277
    /// kr_runtime::Store::open("bank.kr");
    /// ```
    #[doc(hidden)]
    pub fn open<P: AsRef<Path> + FeatureFile>(path: P) -> Result<Self, StoreError> {
        path.open()
    }
}
