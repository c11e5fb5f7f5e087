//! `#[kr_route(…)]`, above `#[locked(…)]` or without it.

use crate::expand::marker_type::ConsumedAttributes;
use crate::expand::unparsable_handler::unparsable_handler;
use crate::macros::handler::{attribute_span, expand_route, failed, function};
use crate::syntax::errors::Errors;
use proc_macro2::TokenStream;

pub(crate) fn kr_route(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let span = attribute_span(&item);
    let function = match function(&item, "kr_route", span, &mut errors) {
        Ok(function) => function,
        Err(Some(error)) => return unparsable_handler(arguments, &item, &error),
        Err(None) => return failed(errors, &item),
    };
    let consumed = ConsumedAttributes::new();
    expand_route(Some(arguments), span, function, None, consumed, errors)
}
