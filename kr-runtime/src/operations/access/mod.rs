//! Who may see and change what.
//!
//! A request is let in by a bearer token, by a session that somebody began with a token in a form, or, where there is no
//! token at all, because it comes from the own machine and says so in every respect. [`guard`] is in front of everything.

mod cookie;
mod guard;
mod level;
mod rules;
mod session;
mod token;

pub(super) use cookie::{cookie, expired_cookie};
pub(super) use guard::{Client, ClientAddress, Guarded, admit_form, guard};
pub(super) use level::Level;
pub(crate) use rules::Access;
pub(super) use token::{Token, random_id};
