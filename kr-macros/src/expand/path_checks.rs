//! A constant that checks the path of a route, if that is a constant, too.

use crate::check::model::Model;
use crate::parse::route::RoutePath;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

pub(crate) fn check(model: &Model) -> Option<TokenStream> {
    let RoutePath::Constant(path) = &model.route.path else {
        return None;
    };
    let name = &model.name;
    Some(quote_spanned! {path.span()=>
        ::kr_runtime::__private::assert_constant_path(<#name as ::kr_runtime::__private::Handler>::INFO)
    })
}
