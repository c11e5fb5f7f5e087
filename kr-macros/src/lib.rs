//! The attribute and derive macros of kr. Use them through `kr-runtime`, which documents them with examples that compile.

mod host;
mod key;
mod locked;
#[cfg(test)]
mod odd_input;
mod path;
mod route;
mod shared_state;
mod signature;
mod sink;
mod suggest;
mod types;

use proc_macro::TokenStream;

/// Makes a function the handler of a route. Documented in `kr-runtime`.
#[proc_macro_attribute]
pub fn kr_route(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::kr_route(arguments.into(), item.into()).into()
}

/// Names the locks that a handler holds. Documented in `kr-runtime`.
#[proc_macro_attribute]
pub fn locked(arguments: TokenStream, item: TokenStream) -> TokenStream {
    route::locked(arguments.into(), item.into()).into()
}

/// Makes a type a shared state. Documented in `kr-runtime`.
#[proc_macro_derive(SharedState, attributes(shared_state))]
pub fn shared_state(input: TokenStream) -> TokenStream {
    shared_state::derive(input.into()).into()
}

/// Makes a struct a host of shared states. Documented in `kr-runtime`.
#[proc_macro_derive(Host)]
pub fn host(input: TokenStream) -> TokenStream {
    host::derive(input.into()).into()
}
