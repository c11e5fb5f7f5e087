//! A stub for a route's metadata. The lock engine only displays its name.

use std::fmt;

pub(crate) struct Meta;

impl fmt::Display for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a model")
    }
}
