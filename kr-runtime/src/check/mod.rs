//! What the compiler checks by evaluating constants. The messages are the product here, so each is built in full.

pub(crate) mod handler_info;
mod hosts;
mod keys;
pub(crate) mod locks;
mod message;
mod routes;

pub use hosts::{counted, held_alone, held_by_key, named_once};
pub use keys::is_template;
pub use locks::{
    Borrowed, Locking, borrowed_once, guarded, guards_something, held_once, is_key, position,
    unguarded,
};
pub use routes::distinct;
