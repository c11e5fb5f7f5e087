//! What the runtime knows of a handler before it runs.

use crate::check::model::Model;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::time::Duration;

pub(crate) fn handler_info(model: &Model) -> TokenStream {
    let handler = model.handler();
    let method = &model.route.method;
    let method = Ident::new(&method.to_string(), Span::call_site());
    let path = &model.route.path;
    let locked = model.locked.as_ref();
    let keys = locked
        .map(|locked| locked.keys.as_slice())
        .unwrap_or_default();
    let label = format!(
        "`{handler}` ({} {})",
        model.route.method.to_string().to_uppercase(),
        path.value()
    );
    let takes_locks = model.takes_locks();
    let extracts = model.extracts();
    let reads_body = model.reads_body();
    let lock_timeout = millis(locked.and_then(|locked| locked.timeout));
    let hold_timeout = millis(locked.and_then(|locked| locked.hold_timeout));
    quote! {
        ::kr_runtime::__private::HandlerInfo {
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
        }
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
