//! The attribute and derive macros of kr. Use them through `kr-runtime`, which documents them with examples that compile.

// What is said of a macro here would be appended to what `kr-runtime` says of it.
#![allow(missing_docs)]

mod check;
mod expand;
mod macros;
mod parse;
mod syntax;
#[cfg(test)]
mod tests;

use macros::debug_print::shown;
use proc_macro::TokenStream;

#[proc_macro_attribute]
pub fn kr_route(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let item = item.into();
    shown(
        &item,
        macros::route::kr_route(arguments.into(), item.clone()),
    )
    .into()
}

#[proc_macro_attribute]
pub fn locked(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let item = item.into();
    shown(&item, macros::route::locked(arguments.into(), item.clone())).into()
}

#[proc_macro_derive(SharedState, attributes(shared_state))]
pub fn shared_state(input: TokenStream) -> TokenStream {
    let input = input.into();
    shown(&input, expand::shared_state::derive(input.clone())).into()
}

#[proc_macro_derive(LockKey, attributes(lock_key))]
pub fn lock_key(input: TokenStream) -> TokenStream {
    let input = input.into();
    shown(&input, expand::lock_key::derive(input.clone())).into()
}

#[proc_macro_derive(Host, attributes(host))]
pub fn host(input: TokenStream) -> TokenStream {
    let input = input.into();
    shown(&input, expand::host::derive(input.clone())).into()
}
