//! What the runtime knows of a handler before it runs.

use crate::check::model::Model;
use crate::parse::route::RoutePath;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::time::Duration;

/// A reference to it.
pub(crate) fn handler_info(model: &Model) -> TokenStream {
    let handler = model.handler();
    let method = &model.route.method;
    let method = Ident::new(&method.to_string(), Span::call_site());
    let locked = model.locked.as_ref();
    let keys = locked
        .map(|locked| locked.keys.as_slice())
        .unwrap_or_default();
    let takes_locks = model.takes_locks();
    let extracts = model.extracts();
    let reads_body = model.reads_body();
    let lock_timeout = millis(locked.and_then(|locked| locked.timeout));
    let hold_timeout = millis(locked.and_then(|locked| locked.hold_timeout));
    let stale = millis(locked.and_then(|locked| locked.stale));
    let path = &model.route.path;
    let (constants, path, label) = match path {
        RoutePath::Literal(text) => {
            let method = method.to_string().to_uppercase();
            let label = format!("`{handler}` ({method} {})", text.value());
            (None, path.to_token_stream(), label.to_token_stream())
        }
        // Only the compiler knows its text. It is named once, so that it is reported once if it is no text.
        RoutePath::Constant(_) => {
            let of_path = quote!(#handler, ::kr_runtime::__private::Method::#method, KR_ROUTE_PATH);
            let constants = quote! {
                const KR_ROUTE_PATH: &str = #path;
                const KR_ROUTE_LABEL: [u8; ::kr_runtime::__private::route_label_len(#of_path)] =
                    ::kr_runtime::__private::route_label(#of_path);
            };
            let label = quote!(::kr_runtime::__private::route_label_text(&KR_ROUTE_LABEL));
            (Some(constants), quote!(KR_ROUTE_PATH), label)
        }
    };
    let info = quote! {
        &::kr_runtime::__private::HandlerInfo {
            label: ::kr_runtime::__private::Label(#label),
            handler: #handler,
            method: ::kr_runtime::__private::Method::#method,
            path: #path,
            locks: &[#(#keys),*],
            takes_locks: #takes_locks,
            extracts: #extracts,
            reads_body: #reads_body,
            lock_timeout: #lock_timeout,
            hold_timeout: #hold_timeout,
            stale: #stale,
        }
    };
    match constants {
        Some(constants) => quote!({ #constants #info }),
        None => info,
    }
}

fn millis(duration: Option<Duration>) -> TokenStream {
    match duration.map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)) {
        Some(millis) => quote! {
            ::kr_runtime::__private::millis(#millis)
        },
        None => quote!(::kr_runtime::__private::None),
    }
}
