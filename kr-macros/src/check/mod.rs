//! Whether the parts of an item fit together, as far as its tokens tell. The result for a handler is its `Model`.
//!
//! Uses `parse` and `syntax`. Knows nothing of the code that is generated. What only types tell, such as which lock guards a
//! state, the compiler checks by constants that `expand` generates.

pub(crate) mod blocking;
pub(crate) mod body;
pub(crate) mod cacheable;
pub(crate) mod captures;
pub(crate) mod etag;
mod example;
pub(crate) mod function_kind;
pub(crate) mod handler;
pub(crate) mod host;
pub(crate) mod idempotent;
pub(crate) mod in_place;
pub(crate) mod key_arguments;
pub(crate) mod lock_key;
pub(crate) mod model;
pub(crate) mod output;
pub(crate) mod revision;
pub(crate) mod shared_state;
pub(crate) mod stale;
mod states;
