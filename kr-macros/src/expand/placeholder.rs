//! A handler with an error: the function, so that editors keep working, and a route that never runs, so that `routes!`
//! reports nothing more.

use crate::check::function_kind;
use crate::expand::marker_type::{ConsumedAttributes, imports, marker_type};
use crate::syntax::function::Function;
use crate::syntax::runtime_path::RuntimePath;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

/// The function and its placeholder route.
pub(crate) fn on_error(
    function: &Function,
    consumed: &ConsumedAttributes,
    runtime_path: &RuntimePath,
) -> TokenStream {
    let placeholder = placeholder(function, consumed, runtime_path);
    quote!(#[allow(dead_code)] #function #placeholder)
}

/// The placeholder route alone.
pub(crate) fn placeholder(
    function: &Function,
    consumed: &ConsumedAttributes,
    runtime_path: &RuntimePath,
) -> TokenStream {
    let imports = imports(function, consumed);
    if function_kind::is_primitive(function) {
        // The marker type would shadow the primitive one in the whole module.
        return imports;
    }
    let name = &function.signature.ident;
    let text = name.unraw().to_string();
    let cfgs = function.cfgs();
    let marker_type = marker_type(function);
    runtime_path.apply(quote! {
        #marker_type

        #cfgs
        impl ::kr_runtime::__private::Handler for #name {
            const INFO: &'static ::kr_runtime::__private::HandlerInfo = &::kr_runtime::__private::HandlerInfo::placeholder(#text);

            fn respond(
                _: ::kr_runtime::__private::Arc<::kr_runtime::__private::BoundHandler>,
                _: ::kr_runtime::__private::Request,
            ) -> ::kr_runtime::__private::ResponseFuture {
                ::kr_runtime::__private::placeholder()
            }
        }

        #cfgs
        impl<KrHost: ::kr_runtime::Host> ::kr_runtime::__private::Route<KrHost> for #name {
            fn borrows(_: &KrHost) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Binding<'_>> {
                ::kr_runtime::__private::Vec::new()
            }
        }

        #imports
    })
}
