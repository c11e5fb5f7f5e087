//! The attribute and derive macros of kr. Use them through `kr-runtime`, which documents them with examples that compile.
//!
//! Each room uses those below it only:
//!
//! ```text
//! macros/   one file for each public macro: parse, check, expand
//! expand/   the code that is generated
//! check/    whether the parts of an item fit together
//! parse/    what the user wrote
//! syntax/   helpers over `syn`
//! ```

// `kr-runtime` documents the macros. Docs here would be appended to those.
#![allow(missing_docs)]

mod check;
mod expand;
mod macros;
mod parse;
mod syntax;
#[cfg(test)]
mod tests;

use macros::debug_print::debug_print;
use proc_macro::TokenStream;

#[proc_macro_attribute]
pub fn kr_route(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let item = proc_macro2::TokenStream::from(item);
    let expanded = macros::kr_route::kr_route(arguments.into(), item.clone());
    debug_print(&item, expanded).into()
}

#[proc_macro_attribute]
pub fn locked(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let item = proc_macro2::TokenStream::from(item);
    let expanded = macros::locked::locked(arguments.into(), item.clone());
    debug_print(&item, expanded).into()
}

#[proc_macro_derive(SharedState, attributes(shared_state))]
pub fn shared_state(input: TokenStream) -> TokenStream {
    let input = proc_macro2::TokenStream::from(input);
    let expanded = macros::shared_state::derive(input.clone());
    debug_print(&input, expanded).into()
}

#[proc_macro_derive(LockKey, attributes(lock_key))]
pub fn lock_key(input: TokenStream) -> TokenStream {
    let input = proc_macro2::TokenStream::from(input);
    let expanded = macros::lock_key::derive(input.clone());
    debug_print(&input, expanded).into()
}

#[proc_macro_derive(Host, attributes(host))]
pub fn host(input: TokenStream) -> TokenStream {
    let input = proc_macro2::TokenStream::from(input);
    let expanded = macros::host::derive(input.clone());
    debug_print(&input, expanded).into()
}
