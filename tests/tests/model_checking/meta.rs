//! What a route is to the lock engine: something with a name.

use std::fmt;

pub(crate) struct Meta;

impl fmt::Display for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a model")
    }
}
