//! What generated code asks about types that may lack a trait. The traits that answer for such types are imported by `checked`.

use crate::syntax::types::mentions;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

/// The constants of the probes, and the trait that has each for types that lack what is asked.
const ANSWERS: [(&str, &str); 8] = [
    ("FROM_BODY", "NotFromBody"),
    ("FROM_PARTS", "NotFromParts"),
    ("IS_FROZEN", "NotFrozen"),
    ("IS_HOST", "NotHost"),
    ("IS_KNOWN", "NotKnownMutable"),
    ("IS_RESULT", "NotResult"),
    ("IS_SYNC", "NotSync"),
    ("STATE", "NotState"),
];

/// A constant for each check, with what its probes need in scope. `cfgs` are the `#[cfg]`s of their item.
pub(crate) fn checked(cfgs: &TokenStream, checks: &[TokenStream]) -> TokenStream {
    let constants = checks.iter().map(|check| {
        let needed = ANSWERS
            .iter()
            .filter(|(constant, _)| mentions(check, constant));
        let needed: Vec<_> = needed.map(|(_, name)| format_ident!("{name}")).collect();
        let imports = (!needed.is_empty()).then(|| {
            quote! {
                #[allow(unused_imports)]
                use ::kr_runtime::__private::{#(#needed as _),*};
            }
        });
        quote! {
            #cfgs
            const _: () = {
                #imports
                #check
            };
        }
    });
    constants.collect()
}

/// What a borrowed type declares as a shared state. A type that is none has an empty declaration, which no check reports: the
/// forgotten derive is reported where the state is made.
pub(crate) fn declaration(state: &Type) -> TokenStream {
    quote_spanned!(state.span()=> ::kr_runtime::__private::StateProbe::<#state>::STATE)
}

/// The key of the lock of a state, outside of `checked`.
pub(crate) fn lock(state: &Type) -> TokenStream {
    let declaration = declaration(state);
    quote_spanned!(state.span()=> {
        #[allow(unused_imports)]
        use ::kr_runtime::__private::NotState as _;
        #declaration.lock
    })
}

/// Whether a type is an extractor.
pub(crate) fn is_extractor(ty: &Type) -> TokenStream {
    quote_spanned!(ty.span()=> (::kr_runtime::__private::ExtractorProbe::<#ty>::FROM_PARTS || ::kr_runtime::__private::ExtractorProbe::<#ty>::FROM_BODY))
}
