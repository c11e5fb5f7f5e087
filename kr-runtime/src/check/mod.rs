//! What the compiler checks for generated code, by evaluating constants and by bounds. The messages are the product here, so
//! each is built in full.
//!
//! [`HandlerInfo`] is what the attributes of a handler say.
//!
//! Uses `lock` and `store`, for the names in messages. Never knows a host or HTTP, and runs only in the compiler.

mod cacheable;
mod constant_path;
mod declared;
mod handler_info;
mod hosts;
mod in_place;
mod keys;
mod listed;
mod locks;
mod message;
mod mutability;
mod optional;
mod revision;
mod routes;

pub use cacheable::{Cacheable, assert_cacheable};
pub use constant_path::{assert_constant_path, route_label, route_label_len, route_label_text};
pub use declared::{BorrowedState, DeclaredLocks, NOT_LOCKED, or_host};
pub use handler_info::{HandlerInfo, Method};
pub use hosts::{assert_counter, assert_keyed, assert_single, assert_state_name_unique};
pub use in_place::assert_no_roll_back;
pub use keys::is_template;
pub use listed::{assert_listed, assert_lists};
pub use locks::{
    assert_borrowed_once, assert_constant_key, assert_lock_guards_state, assert_lock_named,
    assert_lock_named_once, key_position, lock_missing,
};
pub use message::assert_holds;
pub use mutability::{MutabilityProbe, NotFrozen, NotKnownMutable};
pub use optional::{assert_may_be_absent, assert_only_change};
pub use revision::assert_one_revision;
pub use routes::assert_distinct;
