//! The constants that the compiler evaluates to compare the keys of `#[locked]` with the locks of the states.

use crate::check::cacheable as cached;
use crate::check::handler::Model;
use crate::parse::key::Key;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

/// One constant for each comparison, at the place to blame if it fails.
pub(crate) fn checks(model: &Model) -> Vec<TokenStream> {
    let handler = model.handler();
    let states: Vec<_> = model.states().collect();
    let mut checks = cached::checks(model);
    let Some(locked) = &model.locked else {
        let unguarded = states.iter().map(|(state, exclusive)| {
            let verb = if *exclusive { "changes" } else { "reads" };
            let borrowed = borrowed(state);
            quote_spanned! {state.span()=>
                const _: () = ::kr_runtime::__private::unguarded(&#borrowed, #handler, #verb);
            }
        });
        return unguarded.collect();
    };
    let keys = &locked.keys;
    let count = states.len();
    checks.extend(states.iter().map(|(state, _)| {
        // One key is to blame for a mismatch; of several, none is more to blame than the state that lacks its own.
        let at = match keys.as_slice() {
            [key] if count == 1 => key.span(),
            _ => state.span(),
        };
        let borrowed = borrowed(state);
        quote_spanned! {at=>
            const _: () = ::kr_runtime::__private::guarded(&#borrowed, &::kr_runtime::__private::Locking {
                handler: #handler,
                keys: &[#(#keys),*],
                states: #count,
            });
        }
    }));
    for (index, key) in keys.iter().enumerate() {
        let before = &keys[..index];
        let is_constant = |key: &Key| matches!(key, Key::Path(_));
        if is_constant(key) {
            checks.push(quote_spanned! {key.span()=>
                const _: () = ::kr_runtime::__private::is_key(#key);
            });
        }
        // Two literals were compared as such.
        if !before.is_empty() && keys[..=index].iter().any(is_constant) {
            checks.push(quote_spanned! {key.span()=>
                const _: () = ::kr_runtime::__private::held_once(#key, &[#(#before),*]);
            });
        }
        // With one state and one key the comparison of the two says it all.
        if !(locked.only || count == 1 && keys.len() == 1) {
            let locks = states
                .iter()
                .map(|(state, _)| quote!(<#state as ::kr_runtime::SharedState>::LOCK));
            checks.push(quote_spanned! {key.span()=>
                const _: () = ::kr_runtime::__private::guards_something(#handler, #key, &[#(#locks),*]);
            });
        }
    }
    checks.extend(states.iter().enumerate().flat_map(|(index, (state, _))| {
        let handler = &handler;
        states[..index].iter().map(move |(other, _)| {
            let (one, other) = (borrowed(state), borrowed(other));
            quote_spanned! {state.span()=>
                const _: () = ::kr_runtime::__private::borrowed_once(#handler, &#one, &#other);
            }
        })
    }));
    checks
}

/// What a state says of itself.
fn borrowed(state: &Type) -> TokenStream {
    quote_spanned! {state.span()=>
        ::kr_runtime::__private::Borrowed {
            name: <#state as ::kr_runtime::SharedState>::NAME,
            lock: <#state as ::kr_runtime::SharedState>::LOCK,
            id: <#state as ::kr_runtime::SharedState>::ID,
        }
    }
}
